using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Penstock.Generator.CodeFixes;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.CodeFixes;

/// <summary>The code fixes that the editor offers. After a fix, the program is valid.</summary>
public sealed class CodeFixTests
{
    private const string Sources = """
            [FileSource("orders.csv")]
            public partial Stream<Order> Orders { get; }

        """;

    [Theory]
    [InlineData("PEN001", "Make it partial")]
    [InlineData("PEN002", "Make it partial")]
    [InlineData("PEN022", "Merge the states by adding them")]
    [InlineData("PEN101", "Change to 'Orders'")]
    [InlineData("PEN108", "Change to 'Shop'")]
    [InlineData("PEN114", "Change to 'late'")]
    [InlineData("PEN134", "Change to 'PlacedAt'")]
    [InlineData("PEN201", "Change to 'PlacedAt'")]
    [InlineData("PEN204", "Use 'PlacedAt' as the event time of 'Orders'")]
    [InlineData("PEN227", "Use 'PlacedAt' as the event time of 'Orders'")]
    [InlineData("PEN228", "Use 'PlacedAt' as the event time of 'Orders'")]
    [InlineData("PEN212", "Use 'PlacedAt' as the event time of 'Shops'")]
    public async Task Example_of_the_page_is_corrected(string id, string title)
    {
        var corrected = await ApplyAsync(DiagnosticPage.Load(id).Example!, id, title);

        TestCompiler.BuildShop(corrected).AssertClean();
    }

    [Fact]
    public async Task The_state_that_an_upgrade_makes_is_corrected()
    {
        var corrected = await ApplyAsync(
            """
            [Operator, KeyBy(nameof(Order.Shop))]
            public sealed partial class Totals
            {
                [State] private partial ref decimal Total { get; }
                [StateUpgrade("Totl", "Cents")] private static decimal FromCents(long old) => old / 100m;
                [Process] private void OnOrder(in Order order, ref Output<decimal> output) => output.Emit(Total);
            }
            """,
            "PEN311",
            "Change to 'Total'");

        Assert.Contains("[StateUpgrade(\"Total\", \"Cents\")]", corrected, StringComparison.Ordinal);
        TestCompiler.BuildShop(corrected).AssertClean();
    }

    [Theory]
    [InlineData("PEN314", "Mark as renamed from 'Sum'")]
    [InlineData("PEN316", "Drop the state of 'Sums'")]
    public async Task Example_of_a_page_with_a_lock_is_corrected(string id, string title)
    {
        var page = DiagnosticPage.Load(id);
        var corrected = await ApplyAsync(page.Example!, id, title, page.Locked);

        TestCompiler.BuildLocked(page.Locked, DiagnosticPage.Shared, corrected).AssertClean();
    }

    [Theory]
    [InlineData("public sealed record Sale(decimal Price);", "public sealed record Sale([FormerName(\"Cost\")] decimal Price);")]
    [InlineData(
        "public sealed record Sale(int Count, /* net */ decimal Price);",
        "public sealed record Sale(int Count, /* net */ [FormerName(\"Cost\")] decimal Price);")]
    [InlineData(
        "public sealed class Sale\n{\n    // Net.\n    public decimal Price { get; set; }\n}",
        "public sealed class Sale\n{\n    // Net.\n    [FormerName(\"Cost\")]\n    public decimal Price { get; set; }\n}")]
    [InlineData(
        "public struct Sale\n{\n    [FormerName(\"C\")] public decimal Price;\n}",
        "public struct Sale\n{\n    [FormerName(\"C\"), FormerName(\"Cost\")] public decimal Price;\n}")]
    public async Task The_former_name_of_a_member_is_added_where_it_stands(string type, string corrected)
    {
        var optional = type.Contains("struct", StringComparison.Ordinal) ? "" : "?";
        var program = $$"""
            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("orders.csv")] public partial Stream<Order> Orders { get; }
                [Apply<Op>(nameof(Orders)), FileSink("totals.csv")] public partial Stream<ShopTotal> Totals { get; }
            }

            [Operator, KeyBy(nameof(Order.Shop))]
            public sealed partial class Op
            {
                [State] private partial ref List<Sale{{optional}}> Sales { get; }
                [Process] private void On(in Order order, ref Output<ShopTotal> output) { }
            }

            {{type}}
            """.ReplaceLineEndings("\n");
        var locked =
            $"penstock-state-lock 1\n[Shop]\nOrders: splits{{}}\nTotals: keyed(string){{Sales:list<record{{{(type.Contains("Count", StringComparison.Ordinal) ? "Count:int32;" : "")}Cost:decimal}}{optional}>}}\n";

        Assert.EndsWith(corrected, await ApplyAsync(program, "PEN314", "Mark as renamed from 'Cost'", locked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_is_updated()
    {
        var page = DiagnosticPage.Load("PEN319");
        using var workspace = new AdhocWorkspace();
        var solution = await ChangedAsync(workspace, page.Example!, "PEN319", "Update penstock.state.lock", page.Locked);
        var text = (await solution.Projects.Single().AdditionalDocuments.Single().GetTextAsync()).ToString();

        Assert.Contains("\nTotals: keyed(string){Count:int32;Total:decimal}\n", text, StringComparison.Ordinal);
        Assert.Empty(TestCompiler.BuildLocked(text, DiagnosticPage.Shared, page.Example!).Penstock);
    }

    [Fact]
    public async Task Nameof_stays_a_nameof()
    {
        var corrected = await ApplyAsync($$"""
            [Pipeline]
            public sealed partial class Shop
            {
            {{Sources}}
                [Apply<BigOrders>(nameof(Ordres))]
                [FileSink("big.csv")]
                public partial Stream<Order> Big { get; }
            }
            """, "PEN101", "Change to 'Orders'");

        Assert.Contains("[Apply<BigOrders>(nameof(Orders))]", corrected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Class_around_is_made_partial()
    {
        var corrected = await ApplyAsync("""
            // Kept.
            class Outer
            {
                [Operator] internal sealed partial class Same { [Map] private static Order Id(in Order order) => order; }
            }
            """, "PEN001", "Make it partial");

        Assert.Contains("// Kept.\npartial class Outer", corrected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_time_is_added_as_its_own_line()
    {
        var corrected = await ApplyAsync(DiagnosticPage.Load("PEN204").Example!, "PEN204", "Use 'PlacedAt' as the event time of 'Orders'");

        Assert.Contains(
            "    [FileSource(\"orders.csv\")]\n    [EventTime(nameof(Order.PlacedAt))]\n    public partial Stream<Order> Orders",
            corrected,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("milliseconds", "Milliseconds")]
    [InlineData("microseconds", "Microseconds")]
    public async Task Unit_of_an_event_time_is_added_behind_its_member(string said, string unit)
    {
        var corrected = await ApplyAsync(
            """
            public readonly record struct Click(string Page, long Ts);

            [Pipeline]
            public sealed partial class Clicks
            {
                [FileSource("clicks.csv"), EventTime(nameof(Click.Ts), MaxDelay = "5s")]
                [FileSink("copy.csv")]
                public partial Stream<Click> All { get; }
            }
            """,
            "PEN208",
            $"Set the unit to {said}");

        Assert.Contains($"EventTime(nameof(Click.Ts), Unit = TimeUnit.{unit}, MaxDelay = \"5s\")]", corrected, StringComparison.Ordinal);
        TestCompiler.BuildShop(corrected).AssertClean();
    }

    [Theory]
    [InlineData("Skip rows without event time", "Skip")]
    [InlineData("Fail at rows without event time", "Fail")]
    public async Task Policy_for_null_is_added_behind_the_member(string title, string policy)
    {
        var corrected = await ApplyAsync(
            """
            public readonly record struct Click(string Page, DateTime? At);

            [Pipeline]
            public sealed partial class Clicks
            {
                [FileSource("clicks.csv"), EventTime(nameof(Click.At), MaxDelay = "5s")]
                [FileSink("copy.csv")]
                public partial Stream<Click> All { get; }
            }
            """,
            "PEN213",
            title);

        Assert.Contains(
            $"EventTime(nameof(Click.At), OnNull = NullTimePolicy.{policy}, MaxDelay = \"5s\")]",
            corrected,
            StringComparison.Ordinal);
        TestCompiler.Build(DiagnosticPage.Shared, corrected).AssertClean();
    }

    private static async Task<string> ApplyAsync(string program, string id, string title, string? locked = null)
    {
        using var workspace = new AdhocWorkspace();
        var solution = await ChangedAsync(workspace, program, id, title, locked);
        return (await solution.Projects.Single().Documents.Last().GetTextAsync()).ToString();
    }

    private static async Task<Solution> ChangedAsync(AdhocWorkspace workspace, string program, string id, string title, string? locked)
    {
        var compilation = TestCompiler.Compile(DiagnosticPage.Shared, program);
        var project = workspace.AddProject("Program", LanguageNames.CSharp)
            .WithParseOptions(TestCompiler.ParseOptions)
            .WithCompilationOptions(compilation.Options)
            .AddMetadataReferences(TestCompiler.References);
        if (locked != null)
        {
            project = project.AddAdditionalDocument("penstock.state.lock", locked).Project;
        }

        Document? document = null;
        foreach (var tree in compilation.SyntaxTrees)
        {
            document = project.AddDocument(tree.FilePath, await tree.GetTextAsync());
            project = document.Project;
        }

        var diagnostic = TestCompiler
            .Build((CSharpCompilation)(await project.GetCompilationAsync())!, locked).Penstock
            .First(diagnostic => diagnostic.Id == id);
        var offered = new List<CodeAction>();
        foreach (var fix in new CodeFixProvider[]
        {
            new MakePartialFix(),
            new CorrectNameFix(),
            new AddEventTimeFix(),
            new CompleteEventTimeFix(),
            new AddFormerNameFix(),
            new AddMergeFix(),
            new AddRemovedStateFix(),
            new UpdateLockFix()
        })
        {
            if (fix.FixableDiagnosticIds.Contains(id))
            {
                await fix.RegisterCodeFixesAsync(new CodeFixContext(
                    project.GetDocument(document!.Id)!,
                    diagnostic,
                    (action, _) => offered.Add(action),
                    CancellationToken.None));
            }
        }

        var operations = await offered.Single(action => action.Title == title).GetOperationsAsync(CancellationToken.None);
        return operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
    }
}
