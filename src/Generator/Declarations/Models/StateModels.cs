using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>
/// The parts of the state that an operator saves: the suffix of the id of each, and its schema with <c>$</c> for the key.
/// </summary>
internal static class StateModels
{
    public static EquatableArray<StateModel> Of(OperatorDeclaration declaration, ClassKind kind, KindValues? values)
    {
        if (kind is not KeyedKind keyed)
        {
            return EquatableArray<StateModel>.Empty;
        }

        var parts = new List<StateModel>();
        var entries = kind.EntriesOf(values);
        var deadlines = OperatorModels.DeadlinesOf(declaration, kind);
        var upgrades = declaration.Upgrades.ToLookup(static upgrade => upgrade.State ?? "");
        var fields = declaration.States
            .Where(static state => !state.IsCollection)
            .ToLookup(state => kind.HasWindowScope && state.IsKeyScoped);
        if (kind.AlwaysHasEntries || fields[false].Any())
        {
            parts.Add(new StateModel("", EquatableArray<string>.Empty, $"{entries}{{{Fields(fields[false], deadlines, upgrades)}}}"));
        }

        if (fields[true].Any())
        {
            var ofKey = Fields(fields[true], deadlines, upgrades);
            parts.Add(new StateModel($"{Schemas.StateSuffix.Key}", EquatableArray<string>.Empty, $"{KeyedKind.Keyed}{{{ofKey}}}"));
        }

        foreach (var state in declaration.States.Where(static state => state.IsCollection))
        {
            var key = state.MapKey == null ? "int32" : ValueSchema.OfBuild.Of(state.MapKey);
            var head = (kind.HasWindowScope && !state.IsKeyScoped ? entries : KeyedKind.Keyed).Replace("$", "$," + key);
            var value = new SchemaField("Value", state.Value, [], [.. upgrades[state.Name].Select(static upgrade => upgrade.Field)]);
            parts.Add(new StateModel(
                "." + state.Name,
                state.FormerNames.Select(static name => "." + name).ToEquatableArray(),
                $"{head}{{{(OperatorModels.Expires(kind, state) ? "Expires:int64;" : "")}{ValueSchema.OfBuild.States([value])}}}"));
        }

        parts.AddRange(keyed.OwnStates.Select(static own => new StateModel($"{own.Suffix}", EquatableArray<string>.Empty, own.Schema)));
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
