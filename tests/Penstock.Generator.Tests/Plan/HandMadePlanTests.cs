using Penstock.Generator.Emit;
using Penstock.Generator.Equality;
using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Validation;

namespace Penstock.Generator.Tests.Plan;

/// <summary>
/// A plan that no attribute declares, like one of another front end: it is validated, fused and emitted like any other plan.
/// </summary>
public sealed class HandMadePlanTests
{
    private const string Program = """
        namespace App;

        public sealed record Order(string Customer, int Amount);

        public sealed record Total(string Customer, long Orders);

        [Operator]
        public sealed partial class LargeOrders
        {
            [Filter] private static bool IsLarge(in Order order) => order.Amount > 100;
        }

        [Operator]
        [KeyBy("Customer")]
        public sealed partial class OrderCounts
        {
            [State] private partial ref long Orders { get; }

            [Process] private void Count(in Order order, ref Output<Total> output) => output.Emit(new Total(order.Customer, ++Orders));
        }

        public sealed partial class Shop;
        """;

    private static readonly ValueModel Text = Scalar(ValueKind.String, "System.String");

    private static readonly KeyModel Customer = new(new([new KeyMember("Customer", Text, false, false)]), Text);

    [Fact]
    public void A_hand_made_plan_is_valid_and_its_code_compiles()
    {
        var plan = Derivation.Apply(new LogicalPlan(new(Nodes())));
        Assert.True(PlanRules.IsWhole(plan));
        Assert.Empty(PlanRules.Validate(plan));
        TestCompiler.Build([Program, .. FilesOf(ModelOf(plan))]).AssertClean();
    }

    [Fact]
    public void An_invalid_plan_is_reported()
    {
        var nodes = Nodes();
        nodes[1] = nodes[1] with { Inputs = new(["oders"]) };
        Assert.Contains(PlanRules.Validate(Derivation.Apply(new LogicalPlan(new(nodes)))), static finding => finding.IsError);
    }

    [Fact]
    public void Its_files_are_the_same_in_whatever_order_they_are_emitted()
    {
        var plan = Derivation.Apply(new LogicalPlan(new(Nodes())));
        var model = ModelOf(plan);
        var files = FilesOf(model);
        var backwards = Enumerable.Reverse(Emissions(model)).SelectMany(static emit => emit().Reverse()).OfType<string>();
        Assert.Equal(files, backwards.Reverse());
        Assert.Equal(files, FilesOf(ModelOf(plan)));
        Assert.Equal(model, ModelOf(plan));
    }

    [Fact]
    public void A_name_that_nobody_gave_is_not_made_up() =>
        Assert.Throws<InvalidOperationException>(() => ModelOf(Derivation.Apply(new LogicalPlan(new(Nodes())))).Names.Key(Nodes()[0]));

    private static LogicalNode[] Nodes() =>
    [
        new SourceNode("orders", "Orders", Type("Order"), new FileSourceModel("orders.csv", FileRowFormat.Csv, ',', 1 << 20, Orders()))
        {
            RowValue = OrderValue,
        },
        new OperatorNode(
            "large",
            "Large",
            new(["orders"]),
            Type("Order"),
            OperatorKinds.Named("Filter")!,
            Class("LargeOrders", "Filter", Type("Order")),
            null)
        {
            RowValue = OrderValue,
        },
        new OperatorNode(
            "counts",
            "Counts",
            new(["large"]),
            Type("Total"),
            OperatorKinds.Named("Process")!,
            Class("OrderCounts", "Process", Type("Total"), "keyed($){Orders:int64}"),
            Customer),
        new SinkNode(
            "counts/totals",
            "counts",
            Type("Total"),
            0,
            new FileSinkModel("totals.jsonl", FileRowFormat.JsonLines, 1 << 20, Totals())),
    ];

    private static PipelineModel ModelOf(LogicalPlan plan)
    {
        var production = Fuser.Fuse(plan);
        return new(
            new ClassDeclaration(
                TypeName.Of("App.Shop"),
                "Shop",
                "App",
                "App.Shop",
                "class",
                EquatableArray<string>.Empty,
                EquatableArray<ContainingType>.Empty,
                IsPartial: true,
                null,
                TypeAccess.Public),
            "Shop",
            EquatableArray<StreamHandle>.Empty,
            EquatableArray<string>.Empty,
            EquatableArray<string>.Empty,
            production,
            Taps.Of(plan) is { } tapped ? TestedPlan.Of(production, Fuser.Fuse(tapped)) : null);
    }

    private static string[] FilesOf(PipelineModel model) =>
        [.. Emissions(model).SelectMany(static emit => emit()).OfType<string>()];

    private static IReadOnlyList<Func<IEnumerable<string?>>> Emissions(PipelineModel model) =>
    [
        () => [PipelineEmitter.EmitPlan(model)],
        () => PipelineEmitter.EmitTasks(model),
        () => [PipelineEmitter.EmitKeys(model)],
        () => [CodecFiles.EmitOutside(model)],
        () => [CodecFiles.EmitRows(model)],
        () => [PipelineEmitter.EmitTestTasks(model)],
    ];

    private static TypeRef Type(string name) => new(TypeName.Of("App." + name), TypeName.Of("App." + name), name, TypeAccess.Public, true);

    private static OperatorModel Class(string name, string kind, TypeRef output, params string[] states) =>
        new(
            TypeName.Of("App." + name),
            name,
            OperatorKinds.Named(kind)!,
            new([new InputModel(Type("Order"), RowReads.Everything)]),
            output,
            null,
            null,
            HasState: states.Length > 0,
            HasKeyState: false,
            HasCollections: false,
            null,
            states.Select(StateModel.Parse).ToEquatableArray());

    private static ValueModel Scalar(ValueKind kind, string type) => new(kind, TypeName.Of(type), EquatableArray<ValueModel>.Empty);

    // Members of a fixed size are written first; the constructor has another order.
    private static ValueModel OrderValue => new(
        ValueKind.Record,
        TypeName.Of("App.Order"),
        new([Scalar(ValueKind.Int32, "System.Int32"), Text]))
    {
        Record = new RecordModel(
            new(["Amount", "Customer"]),
            new([EquatableArray<string>.Empty, EquatableArray<string>.Empty]),
            new([1, 0]),
            EquatableArray<int>.Empty,
            IsClass: true,
            IsMutableClass: false,
            IsSealed: true,
            RecordEquality.OfMembers),
    };

    private static RowModel Orders() => Row("Order", Column("Customer", ColumnKind.String), Column("Amount", ColumnKind.Int32));

    private static RowModel Totals() => Row("Total", Column("Customer", ColumnKind.String), Column("Orders", ColumnKind.Int64));

    private static RowModel Row(string name, params ColumnModel[] columns) =>
        new(TypeName.Of("App." + name), name, new(columns), RowConstruction.Constructor) { IsSealed = true };

    private static ColumnModel Column(string member, ColumnKind kind) =>
        new(member, member, kind, false, TypeName.Of($"System.{kind}"), null, true, EquatableArray<string>.Empty) { IsArgument = true };
}
