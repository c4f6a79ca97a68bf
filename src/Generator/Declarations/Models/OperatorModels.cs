using Penstock.Generator.Equality;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Converts declarations of operators to models.</summary>
internal static class OperatorModels
{
    /// <summary>The kind of the class, determined by its methods and its attribute; null if it has no method.</summary>
    public static ClassKind? KindOf(OperatorDeclaration declaration) => declaration.Referenced?.Kind
        ?? (declaration.Methods.Count == 0 ? null : OperatorKinds.Of(
            [.. declaration.Methods.Select(static method => method.Form)],
            declaration.KindAttributes));

    /// <summary>The model of a valid operator.</summary>
    public static OperatorModel Of(OperatorDeclaration declaration)
    {
        if (declaration.Referenced != null)
        {
            return declaration.Referenced;
        }

        var kind = KindOf(declaration)!;
        var main = declaration.Main!;
        // Of two rows, one that makes no result of them may have others for rows alone.
        var last = declaration.Methods.First(method => kind.Main.TakesPair ? method.Return != null : method.Form == kind.Last);
        var fire = declaration.Fire;
        var values = ValuesOf(declaration, kind);
        return new OperatorModel(
            declaration.Class.Type,
            declaration.Class.Name,
            kind,
            declaration.InputMethods.Select(InputOf).ToEquatableArray(),
            OutputOf(last, main.Parameters[0].Type),
            values,
            fire?.Parameters[0].Inner!.Name,
            kind.AlwaysHasEntries || declaration.States.Any(static state => !state.IsCollection),
            kind.HasWindowScope && declaration.States.Any(static state => state is { IsKeyScoped: true, IsCollection: false }),
            declaration.States.Any(static state => state.IsCollection),
            TtlOf(kind, declaration),
            StateModels.Of(declaration, kind, values))
        {
            Origins = kind.Main.TakesPair ? null : last.Origins,
            Join = kind.Main.TakesPair
                ? new JoinResults(
                    main.Return != null,
                    declaration.Methods.Any(method => method.Form.IsPerInput && declaration.InputOf(method) == 0),
                    declaration.Methods.Any(method => method.Form.IsPerInput && declaration.InputOf(method) == 1))
                : null,
            Carries = main.Carries,
            IsDisposable = declaration.IsDisposable,
            LastTakesContext = last.TakesContext,
            ReturnsNull = main.Awaited is { CanBeNull: true },
            SideOutputs = main.Outputs.Skip(1).Select(static output => new SideOutputModel(output.Name, output.Inner!)).ToEquatableArray(),
        };
    }

    /// <summary>
    /// The values of the attribute of a kind, or the options of its method; null if the class does not have the attribute.
    /// </summary>
    public static KindValues? ValuesOf(OperatorDeclaration declaration, ClassKind kind) =>
        declaration.Written(kind) is { } written ? kind.Attribute!.ValuesOf(written)
        : declaration.Main?.Options is { } options ? kind.Main.Options!.ValuesOf(options)
        : null;

    /// <summary>Whether a state expires by its TTL. State of a window is removed with the window, before its TTL ends.</summary>
    public static bool Expires(ClassKind kind, StateDeclaration state) =>
        state.TtlMicros > 0 && (!kind.HasWindowScope || state.IsKeyScoped);

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

    private static InputModel InputOf(MethodDeclaration method) => new(method.Parameters[0].Type, method.Reads)
    {
        AcceptsUpdates = method.AcceptsUpdates,
        TakesContext = method.TakesContext,
    };

    private static TypeRef OutputOf(MethodDeclaration last, TypeRef input) =>
        last.Form.Emits ? last.Outputs.First().Inner!
        : last.Form.IsAwaited ? last.Awaited!.Row
        : last.Form.Result == MethodResult.Row ? last.Return!
        : input;
}
