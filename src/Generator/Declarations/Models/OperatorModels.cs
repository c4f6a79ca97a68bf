using Penstock.Generator.Equality;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Declarations;

/// <summary>Converts declarations of operators to models.</summary>
internal static class OperatorModels
{
    /// <summary>The kind of the class, determined by its first method; null if it has none.</summary>
    public static ClassKind? KindOf(OperatorDeclaration declaration) => declaration.Referenced?.Kind
        ?? (declaration.Methods.Count == 0 ? null : OperatorKinds.Of(declaration.Methods[0].Form));

    /// <summary>The model of a valid operator.</summary>
    public static OperatorModel Of(OperatorDeclaration declaration)
    {
        if (declaration.Referenced != null)
        {
            return declaration.Referenced;
        }

        var kind = KindOf(declaration)!;
        var main = declaration.Main!;
        var fire = declaration.Fire;
        var input = main.Parameters[0].Type;
        var window = declaration.Window == null ? null : WindowOf(declaration.Window);
        return new OperatorModel(
            declaration.Class.Type,
            declaration.Class.Name,
            kind,
            input,
            OutputOf(declaration.Methods.First(method => method.Form == kind.Last), input),
            window,
            fire?.Parameters[0].Inner!.Name,
            kind.IsWindowed || declaration.States.Any(static state => !state.IsCollection),
            kind.IsWindowed && declaration.States.Any(static state => state is { IsKeyScoped: true, IsCollection: false }),
            declaration.States.Any(static state => state.IsCollection),
            TtlOf(kind, declaration),
            main.Reads,
            StateModels.Of(declaration, kind, window))
        {
            Origins = declaration.Methods.First(method => method.Form == kind.Last).Origins,
            Carries = main.Carries,
            IsDisposable = declaration.IsDisposable,
            TakesUpdates = main.TakesUpdates,
            SideOutputs = main.Outputs.Skip(1).Select(static output => new SideOutputModel(output.Name, output.Inner!)).ToEquatableArray(),
        };
    }

    /// <summary>Whether a state expires by its TTL. State of a window is removed with the window, before its TTL ends.</summary>
    public static bool Expires(ClassKind kind, StateDeclaration state) => state.TtlMicros > 0 && (!kind.IsWindowed || state.IsKeyScoped);

    /// <summary>The names in checkpoints of the deadlines next to states in entries.</summary>
    public static Dictionary<string, string> DeadlinesOf(OperatorDeclaration declaration, ClassKind kind)
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

    private static TtlModel? TtlOf(ClassKind kind, OperatorDeclaration declaration)
    {
        var states = declaration.States.Where(state => Expires(kind, state)).ToList();
        return states.Count == 0 ? null : new TtlModel(
            states.Where(static state => state.TtlTime != TtlTime.ProcessingTime)
                .Select(static state => state.TtlMicros)
                .DefaultIfEmpty(0)
                .Min(),
            states.FirstOrDefault(static state => state.TtlTime == TtlTime.EventTime)?.Name,
            states.Any(static state => !state.IsCollection));
    }

    private static TypeRef OutputOf(MethodDeclaration last, TypeRef input) =>
        last.Form.Emits ? last.Outputs.First().Inner! : last.Form.Result == MethodResult.Row ? last.Return! : input;

    private static WindowModel WindowOf(WindowDeclaration window)
    {
        Durations.TryParse(window.Size, out var size);
        Durations.TryParse(window.Offset, out var offset);
        Durations.TryParse(window.Lateness, out var lateness);
        return new WindowModel(size, offset, lateness);
    }
}
