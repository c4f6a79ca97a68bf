using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>From declarations of operators to their models.</summary>
internal static class OperatorModels
{
    /// <summary>What the class does: the role of its first behaviour; null when it has none.</summary>
    public static OperatorKind? KindOf(OperatorDeclaration declaration) => declaration.Referenced?.Kind
        ?? (declaration.Methods.Count == 0 ? null : declaration.Methods[0].Role switch
        {
            MethodRole.Map => OperatorKind.Map,
            MethodRole.Filter => OperatorKind.Filter,
            MethodRole.FlatMap => OperatorKind.FlatMap,
            MethodRole.Process => OperatorKind.Process,
            MethodRole.Accumulate or MethodRole.Fire => OperatorKind.Window,
            var role => throw new InvalidOperationException($"A method of this role makes no operator: {role}."),
        });

    /// <summary>The model of a valid operator.</summary>
    public static OperatorModel Of(OperatorDeclaration declaration)
    {
        if (declaration.Referenced != null)
        {
            return declaration.Referenced;
        }

        var kind = KindOf(declaration)!.Value;
        var main = declaration.Methods.First(static method => method.Role != MethodRole.Fire);
        var fire = declaration.MethodsOf(MethodRole.Fire).FirstOrDefault();
        var input = main.Parameters[0].Type;
        var window = declaration.Window == null ? null : WindowOf(declaration.Window);
        return new OperatorModel(
            declaration.Class.Type,
            declaration.Class.Name,
            kind,
            input,
            kind switch
            {
                OperatorKind.Filter => input,
                OperatorKind.Map => main.Return!,
                OperatorKind.Window => fire!.Return!,
                OperatorKind.FlatMap or OperatorKind.Process => main.Parameters[main.Parameters.Count - 1].Inner!,
                _ => throw new InvalidOperationException($"The output of an operator of this kind is not known: {kind}."),
            },
            window,
            fire?.Parameters[0].Inner!.Name,
            kind == OperatorKind.Window || declaration.States.Any(static state => !state.IsCollection),
            kind == OperatorKind.Window && declaration.States.Any(static state => state is { IsOfKey: true, IsCollection: false }),
            declaration.States.Any(static state => state.IsCollection),
            TtlOf(kind, declaration),
            main.Reads,
            StateParts.Of(declaration, kind, window))
        {
            Origins = kind == OperatorKind.Map ? main.Origins : null,
            Carries = main.Carries,
            IsDisposable = declaration.IsDisposable,
            Identity = window is { Lateness: > 0 } && fire?.Origins is { } fired ? OriginAnalysis.IdentityOf(fired) : EquatableArray<IdentityPart>.Empty,
        };
    }

    /// <summary>Whether a state expires by itself. One of a window goes with its window, before its TTL ends.</summary>
    public static bool Expires(OperatorKind kind, StateDeclaration state) => state.TtlMicros > 0 && (kind != OperatorKind.Window || state.IsOfKey);

    /// <summary>The names of the deadlines that lie beside the states in entries, as checkpoints know them.</summary>
    public static Dictionary<string, string> DeadlinesOf(OperatorDeclaration declaration, OperatorKind kind)
    {
        var taken = new HashSet<string>(declaration.States.Select(static state => state.Name), StringComparer.Ordinal);
        var names = new Dictionary<string, string>();
        foreach (var state in declaration.States.Where(state => !state.IsCollection && Expires(kind, state)))
        {
            var name = state.Name + "Expires";
            while (!taken.Add(name))
            {
                name += "_";
            }

            names[state.Name] = name;
        }

        return names;
    }

    private static TtlModel? TtlOf(OperatorKind kind, OperatorDeclaration declaration)
    {
        var states = declaration.States.Where(state => Expires(kind, state)).ToList();
        return states.Count == 0 ? null : new TtlModel(
            states.Where(static state => state.TtlTime != TtlTime.ProcessingTime).Select(static state => state.TtlMicros).DefaultIfEmpty(0).Min(),
            states.FirstOrDefault(static state => state.TtlTime == TtlTime.EventTime)?.Name,
            states.Any(static state => !state.IsCollection));
    }

    private static WindowModel WindowOf(WindowDeclaration window)
    {
        Durations.TryParse(window.Size, out var size);
        Durations.TryParse(window.Offset, out var offset);
        Durations.TryParse(window.Lateness, out var lateness);
        return new WindowModel(size, offset, lateness);
    }
}
