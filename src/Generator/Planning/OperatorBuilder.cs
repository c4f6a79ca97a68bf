using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Validation;
using Penstock.Generator.Words;

namespace Penstock.Generator.Planning;

/// <summary>Converts the declaration of an operator to its plan: the front end for attributes.</summary>
internal static class OperatorBuilder
{
    /// <summary>The plan of an operator; null if it cannot be generated.</summary>
    public static OperatorPlan? Build(OperatorDeclaration declaration)
    {
        if (!OperatorRules.CanEmit(declaration))
        {
            return null;
        }

        var model = OperatorModels.Of(declaration);
        var deadlines = OperatorModels.DeadlinesOf(declaration, model.Kind);
        var upgrades = declaration.Upgrades.ToLookup(static upgrade => upgrade.State!);
        return new OperatorPlan(
            declaration.Class,
            model,
            declaration.Keys.Select(static key => key.Members.Select(static member => member.Name).ToEquatableArray()).ToEquatableArray(),
            declaration.Creation.Services,
            declaration.Methods.Select(method => MethodOf(method, declaration)).ToEquatableArray(),
            declaration.States
                .Select(state => StateOf(state, model.Kind, deadlines.TryGetValue(state.Name, out var name) ? name : null) with
                {
                    Upgrades = upgrades[state.Name].Select(UpgradeOf).ToEquatableArray(),
                })
                .ToEquatableArray(),
            IsPublic(declaration, model));
    }

    private static CalledMethod MethodOf(MethodDeclaration method, OperatorDeclaration declaration)
    {
        var outputs = method.Outputs.ToList();
        return new CalledMethod(
            method.Name,
            method.Form,
            declaration.InputOf(method),
            method.IsStatic,
            method.Parameters[0].Type,
            method.Parameters.Select((parameter, index) => new CallArgument(
                index == 0 ? CallValue.First
                    : method.Form.TakesPair ? CallValue.Second
                    : parameter.Wrapper == KnownNames.Context ? CallValue.Context
                    : parameter.Wrapper == KnownNames.CancellationToken ? CallValue.Cancellation
                    : parameter == outputs[0] ? CallValue.Output
                    : CallValue.SideOutput,
                parameter.Kind,
                outputs.IndexOf(parameter) - 1)).ToEquatableArray())
        {
            TakesAlso = method.Form.TakesPair ? method.Parameters[1].Type : null,
        };
    }

    private static HeldState StateOf(StateDeclaration state, ClassKind kind, string? deadline) => new(
        state.Name,
        state.Kind,
        state.Accessibility,
        state.Type.Declared,
        state.Stored,
        state.Value,
        kind.HasWindowScope && state.IsKeyScoped)
    {
        MapKey = state.MapKey,
        Elements = state.Elements,
        FormerNames = state.FormerNames,
        Expiry = OperatorModels.Expires(kind, state)
            ? new ExpiryModel(state.TtlMicros, state.TtlTime == TtlTime.ProcessingTime, state.RefreshOnRead, deadline)
            : null,
    };

    private static UpgradeModel UpgradeOf(UpgradeDeclaration upgrade) => new(
        upgrade.Operator,
        upgrade.Method,
        upgrade.From,
        upgrade.Takes.Select(static parameter => new UpgradeArgument(parameter.Name, parameter.Value)).ToEquatableArray());

    private static bool IsPublic(OperatorDeclaration declaration, OperatorModel model) =>
        declaration.Class.Access == TypeAccess.Public
        && model.Inputs.All(static input => input.Row.Access == TypeAccess.Public)
        && model.Output.Access == TypeAccess.Public
        && model.SideOutputs.All(static side => side.Row.Access == TypeAccess.Public)
        && declaration.Methods.All(static method =>
            method.Parameters.All(static parameter => parameter.Wrapper == KnownNames.Accumulator
                || parameter.Type.Access is TypeAccess.Public or TypeAccess.Unusable));
}
