using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Generation;

/// <summary>
/// Valid programs with one generated mistake each. No error may be in generated code, and for every error in the build there must be one of
/// Penstock in the user's code. Mistakes that the C# compiler explains itself, such as an invalid modifier on a property, need none.
/// </summary>
public sealed class MutationTests
{
    private const string Program = """
        public readonly record struct Click(string User, string Page, DateTime At);
        public readonly record struct Visits(string User, DateTimeOffset Start, int Count);

        [Operator]
        public sealed partial class Paid { [Filter] private static bool Keep(in Click click) => click.Page == "pay"; }

        [Operator]
        public sealed partial class Renamed { [Map] private Click Rename(in Click click) => click with { User = "a" }; }

        [Operator]
        public sealed partial class Asked
        {
            [AsyncMap(Concurrency = 5, Order = AsyncOrder.Completion, Timeout = "5s", Rate = 2.5)]
            private async ValueTask<Click?> AskAsync(Click click, CancellationToken cancellation)
            {
                await Task.Delay(1, cancellation);
                return click.Page == "" ? null : click;
            }
        }

        [Operator, KeyBy(nameof(Click.User))]
        public sealed partial class Seen
        {
            [State] private partial ref int Count { get; }
            [State(Ttl = "1h")] private partial MapState<string, int> Pages { get; }
            [State] private partial ListState<string> Order { get; }
            [Process] private void On(in Click click, in Context context, ref Output<Click> output) { Count++; output.Emit(in click); }
        }

        [Operator, KeyBy(nameof(Click.User)), TumblingWindow("1h")]
        public sealed partial class PerHour
        {
            [State] private partial ref int Count { get; }
            [Accumulate] private void Add(in Click click) => Count++;
            [Fire] private Visits Close(in Window<string> window) => new(window.Key, window.Start, Count);
        }

        [Operator, KeyBy(nameof(Click.User)), SessionWindow("30m")]
        public sealed partial class PerVisit
        {
            [State] private partial ref int Count { get; }
            [Accumulate] private void Add(in Click click) => Count++;
            [Merge] private void Merge(in Accumulator other) => Count += other.Count;
            [Fire] private Visits Close(in Window<string> window) => new(window.Key, window.Start, Count);
        }

        [Operator]
        public sealed partial class Joined
        {
            [State] private partial ref int Count { get; }
            [Process, KeyBy(nameof(Click.User))] private void OnClick(in Click click, ref Output<Click> output) => Count++;
            [Process, KeyBy(nameof(Visits.User))] private void OnVisits(in Visits visits, ref Output<Click> output) => Count--;
        }

        public partial class Outer
        {
            [Operator]
            internal sealed partial class Inner { [Filter] private static bool Keep(in Click click) => true; }

            [Pipeline]
            public sealed partial class Nested
            {
                [FileSource("clicks.csv")] public partial Stream<Click> Clicks { get; }
                [Apply<Inner>(nameof(Clicks))] [FileSink("inner.csv")] public partial Stream<Click> Kept { get; }
            }
        }

        [Pipeline]
        public sealed partial class Site
        {
            [FileSource("clicks.csv", OnBadRow = BadRowPolicy.SideOutput)] [EventTime(nameof(Click.At))] public partial Stream<Click> Clicks { get; }
            [Apply<Paid>(nameof(Clicks))] public partial Stream<Click> Paying { get; }
            [Apply<Renamed>(nameof(Paying))] public partial Stream<Click> Named { get; }
            [Apply<Asked>(nameof(Clicks))] [FileSink("asked.csv")] public partial Stream<Click> Answers { get; }
            [Apply<Seen>(nameof(Named))] [FileSink("seen.jsonl")] public partial Stream<Click> Once { get; }
            [Apply<PerHour>(nameof(Clicks))] [FileSink("visits.csv")] internal partial Stream<Visits> Hours { get; }
            [Apply<PerVisit>(nameof(Clicks))] [FileSink("sessions.csv")] public partial Stream<Visits> Sessions { get; }
            [SideOutput(nameof(Hours), SideOutputs.Late)] [FileSink("late.csv")] public partial Stream<Click> Late { get; }
            [SideOutput(nameof(Clicks), SideOutputs.BadRows)] [FileSink("bad.jsonl")] public partial Stream<BadRow> Bad { get; }
            [Union(nameof(Paying), nameof(Once))] [FileSink("both.csv")] public partial Stream<Click> Both { get; }
            [Apply<Joined>(nameof(Clicks), nameof(Sessions), Prefer = nameof(Sessions))] [FileSink("joined.csv")] public partial Stream<Click> Joint { get; }
            [Distinct(nameof(Named), Ttl = "1d")] [KeyBy(nameof(Click.User))] [FileSink("users.csv")] public partial Stream<Click> Users { get; }
            [SortByTime(nameof(Named))] [KeyBy(nameof(Click.User))] [FileSink("inorder.csv")] public partial Stream<Click> InOrder { get; }
            [SideOutput(nameof(InOrder), SideOutputs.Late)] [FileSink("outoforder.csv")] public partial Stream<Click> OutOfOrder { get; }
            [KeepLast(nameof(Clicks), Unbounded = true, OrderBy = nameof(Click.Page))] [KeyBy(nameof(Click.User))] [FileSink("pages.csv", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Click> Pages { get; }
        }
        """;

    // Modifiers that exclude each other or are duplicated, modifiers that are invalid on any such declaration, static code that reads
    // instance members, methods that await without being async.
    private static readonly HashSet<string> PlainMistakes = [
        "CS0106",
        "CS0107",
        "CS0112",
        "CS0120",
        "CS0262",
        "CS0305",
        "CS0621",
        "CS1004",
        "CS1527",
        "CS4032"
    ];

    [Fact]
    public void The_program_is_right() => TestCompiler.Build(Program).AssertClean();

    [Fact]
    public void Every_mistake_is_reported_by_Penstock_in_the_code_of_the_user()
    {
        var complaints = new ConcurrentBag<string>();
        var wrong = 0;
        var mutations = Mutations().ToList();
        Parallel.ForEach(mutations, mutation =>
        {
            var result = TestCompiler.Build(mutation.Program);
            var shown = result.Shown.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            var problem = result.Run.Results.Single().Exception != null ? "the generator failed"
                : result.Ours.Any() ? "errors in generated code: " + string.Join(", ", result.Ours)
                : shown.Count > 0
                    && !shown.Any(static diagnostic => diagnostic.Id.StartsWith("PEN", StringComparison.Ordinal)
                        || PlainMistakes.Contains(diagnostic.Id)) ? "nothing of Penstock's among "
                        + string.Join(", ", shown)
                : shown.Where(static diagnostic => diagnostic.Id.StartsWith("PEN", StringComparison.Ordinal))
                    .GroupBy(static diagnostic => diagnostic.ToString())
                    .Any(static group => group.Count() > 1) ? "reported twice: " + string.Join(", ", shown)
                : null;
            if (problem != null)
            {
                complaints.Add($"{mutation.Name}: {problem}");
            }

            Interlocked.Add(ref wrong, shown.Count > 0 ? 1 : 0);
        });

        Assert.True(
            complaints.IsEmpty,
            $"{complaints.Count} of {mutations.Count}:\n" + string.Join("\n", complaints.Order(StringComparer.Ordinal)));
        Assert.InRange(wrong, mutations.Count / 2, mutations.Count);
    }

    private static IEnumerable<(string Name, string Program)> Mutations()
    {
        var root = CSharpSyntaxTree.ParseText(Program, TestCompiler.ParseOptions).GetRoot(TestContext.Current.CancellationToken);
        foreach (var member in root.DescendantNodes()
            .OfType<MemberDeclarationSyntax>()
            .Where(static member => member is not RecordDeclarationSyntax))
        {
            var where = NameOf(member);
            foreach (var attribute in member.AttributeLists.SelectMany(static list => list.Attributes))
            {
                var list = (AttributeListSyntax)attribute.Parent!;
                yield return Changed(
                    $"{where} without [{attribute.Name}]",
                    list.Attributes.Count == 1
                        ? root.RemoveNode(list, SyntaxRemoveOptions.KeepNoTrivia)!
                        : root.RemoveNode(attribute, SyntaxRemoveOptions.KeepNoTrivia)!);
            }

            foreach (var modifier in member.Modifiers)
            {
                yield return Changed(
                    $"{where} without {modifier.Text}",
                    root.ReplaceNode(member, member.WithModifiers(member.Modifiers.Remove(modifier))));
            }

            foreach (var modifier in where is "Site.Named" or "Site.Once" or "Seen.Order" or "Renamed"
                ? []
                : (string[])["static", "abstract", "virtual", "file", "private"])
            {
                yield return Text($"{where} also {modifier}", member.Modifiers.Span.Start, 0, modifier + " ");
            }

            if (member is PropertyDeclarationSyntax { AccessorList: { } accessors } property)
            {
                yield return Text($"{where} with a setter", accessors.Span, "{ get; set; }");
                yield return Text($"{where} with init", accessors.Span, "{ get; init; }");
                yield return Text($"{where} with a body", accessors.Span, "=> throw new Exception();");
                yield return Text($"{where} as an indexer", property.Identifier.Span, "this[int index]");
                yield return Text(
                    $"{where} by reference",
                    property.Type.Span,
                    property.Type is RefTypeSyntax reference ? reference.Type.ToString() : "ref " + property.Type);
                yield return Text($"{where} of another type", property.Type.Span, "int");
            }

            if (member is TypeDeclarationSyntax type)
            {
                yield return Text($"{where} generic", type.Identifier.Span, type.Identifier.Text + "<T>");
                foreach (var keyword in (string[])["struct", "interface", "record", "record struct"])
                {
                    yield return Text($"{where} as {keyword}", type.Keyword.Span, keyword);
                    yield return Text(
                        $"{where} as {keyword}, not sealed",
                        type.Modifiers.Span.Start,
                        type.Keyword.Span.End - type.Modifiers.Span.Start,
                        $"public partial {keyword}");
                }
            }
        }

        foreach (var row in root.DescendantNodes().OfType<RecordDeclarationSyntax>())
        {
            foreach (var modifiers in (string[])["internal readonly", "file readonly", "private readonly"])
            {
                yield return Text($"{row.Identifier} {modifiers}", row.Modifiers.Span, modifiers);
            }
        }
    }

    private static string NameOf(
        MemberDeclarationSyntax member) => string.Join(".", member.AncestorsAndSelf().Reverse().Select(static node => node switch
    {
        TypeDeclarationSyntax type => type.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        _ => "",
    }).Where(static name => name.Length > 0));

    private static (string Name, string Program) Changed(string name, SyntaxNode root) => (name, root.ToFullString());

    private static (string Name, string Program) Text(string name, Microsoft.CodeAnalysis.Text.TextSpan span, string by) =>
        Text(name, span.Start, span.Length, by);

    private static (string Name, string Program) Text(string name, int start, int length, string by) =>
        (name, Program.Remove(start, length).Insert(start, by));
}
