using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>
/// The parts of the state that an operator saves: the suffix of the id of each, and its schema with <c>$</c> for the key.
/// </summary>
internal static class StateModels
{
    private const string Keyed = "keyed($)";

    public static EquatableArray<StateModel> Of(OperatorDeclaration declaration, ClassKind kind, WindowModel? window)
    {
        var parts = new List<StateModel>();
        var windows = window == null ? Keyed : $"windows($;{window.Size},{window.Offset})";
        var isWindowed = kind.IsWindowed;
        var deadlines = OperatorModels.DeadlinesOf(declaration, kind);
        var upgrades = declaration.Upgrades.ToLookup(static upgrade => upgrade.State ?? "");
        var fields = declaration.States.Where(static state => !state.IsCollection).ToLookup(state => isWindowed && state.IsKeyScoped);
        if (isWindowed || fields[false].Any())
        {
            parts.Add(new StateModel("", EquatableArray<string>.Empty, $"{windows}{{{Fields(fields[false], deadlines, upgrades)}}}"));
        }

        if (fields[true].Any())
        {
            parts.Add(new StateModel("/key", EquatableArray<string>.Empty, $"{Keyed}{{{Fields(fields[true], deadlines, upgrades)}}}"));
        }

        foreach (var state in declaration.States.Where(static state => state.IsCollection))
        {
            var key = state.MapKey == null ? "int32" : ValueSchema.OfBuild.Of(state.MapKey);
            var head = (isWindowed && !state.IsKeyScoped ? windows : Keyed).Replace("$", "$," + key);
            var value = new SchemaField("Value", state.Value, [], [.. upgrades[state.Name].Select(static upgrade => upgrade.Field)]);
            parts.Add(new StateModel(
                "." + state.Name,
                state.FormerNames.Select(static name => "." + name).ToEquatableArray(),
                $"{head}{{{(OperatorModels.Expires(kind, state) ? "Expires:int64;" : "")}{ValueSchema.OfBuild.States([value])}}}"));
        }

        return parts.ToEquatableArray();
    }

    private static string Fields(
        IEnumerable<StateDeclaration> states,
        Dictionary<string, string> deadlines,
        ILookup<string, UpgradeDeclaration> upgrades) =>
        ValueSchema.OfBuild.States(ValueSchema.Order(
            states.SelectMany(state => deadlines.TryGetValue(state.Name, out var deadline)
                ? new[] { Field(state, upgrades), Deadline(state, deadline) }
                : [Field(state, upgrades)]),
            static field => field));

    private static SchemaField Field(StateDeclaration state, ILookup<string, UpgradeDeclaration> upgrades) =>
        new(state.Name, state.Value, state.FormerNames, [.. upgrades[state.Name].Select(static upgrade => upgrade.Field)]);

    private static SchemaField Deadline(StateDeclaration state, string name) =>
        new(
            name,
            new ValueModel(ValueKind.Int64, TypeName.Of("System.Int64"), EquatableArray<ValueModel>.Empty),
            [.. state.FormerNames.Select(static former => former + "Expires")],
            []);
}
