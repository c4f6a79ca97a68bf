using Microsoft.CodeAnalysis.CSharp;
using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks what an operator declares about the state of older programs: former names, and methods that convert it.</summary>
internal static class EvolutionRules
{
    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        var fields = declaration.States.Select(static state => (state.Name, state.FormerNames)).ToList();
        foreach (var finding in ValidateNames(fields, static name => name))
        {
            yield return finding;
        }

        foreach (var finding in declaration.States.SelectMany(static state => ValidateParts(state.Value, state.Name)))
        {
            yield return finding;
        }

        foreach (var upgrade in declaration.Upgrades)
        {
            if (ValidateUpgrade(upgrade, declaration) is { } finding)
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<DiagnosticInfo> ValidateParts(ValueModel value, string path)
    {
        if (value.Record is { } record)
        {
            foreach (var finding in ValidateNames(
                [.. record.Members.Select((member, i) => (member, record.FormerNames[i]))],
                name => $"{path}.{name}"))
            {
                yield return finding;
            }
        }

        for (var i = 0; i < value.Parts.Count; i++)
        {
            foreach (var finding in ValidateParts(value.Parts[i], path + UnsupportedPart.Step(value, i)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<DiagnosticInfo> ValidateNames(
        IReadOnlyList<(string Name, EquatableArray<string> Former)> fields,
        Func<string, string> pathOf)
    {
        var taken = new Dictionary<string, string>();
        foreach (var (name, formerNames) in fields)
        {
            foreach (var former in formerNames)
            {
                var problem = !SyntaxFacts.IsValidIdentifier(former) ? "it is not a valid name"
                    : former == name ? "it is the current name"
                    : taken.TryGetValue(former, out var other) ? $"'{other}' already has it"
                    : null;
                taken[former] = name;
                if (problem != null)
                {
                    var path = pathOf(name);
                    yield return new DiagnosticInfo(
                        "PEN310",
                        DiagnosticAnchor.StatePart(path.Split('.', '[')[0], path),
                        former,
                        name,
                        problem);
                }
            }
        }
    }

    private static DiagnosticInfo? ValidateUpgrade(UpgradeDeclaration upgrade, OperatorDeclaration declaration)
    {
        var name = DiagnosticAnchor.Method(upgrade.Method, upgrade.Overload);
        var state = declaration.States.FirstOrDefault(state => state.Name == upgrade.State);
        if (state == null)
        {
            var suggestion = Suggestions.For(upgrade.State ?? "", declaration.States.Select(static state => state.Name));
            var problem = $"the operator has no state '{upgrade.State}'{Suggestions.Sentence(suggestion)}";
            return new DiagnosticInfo(
                "PEN311",
                DiagnosticAnchor.MethodAttribute(upgrade.Method, upgrade.Overload, KnownNames.StateUpgrade, upgrade.Attribute, 0),
                new EquatableArray<string>([upgrade.Method, problem]),
                suggestion);
        }

        if (upgrade.Problem != null)
        {
            return Wrong(upgrade, name, $"it is {upgrade.Problem}");
        }

        var expected = Math.Max(upgrade.From.Count, 1);
        if (upgrade.Takes.Count != expected)
        {
            return Wrong(upgrade, name, upgrade.From.Count == 0
                ? $"it must have one parameter, the former value of '{state.Name}'"
                : $"it must have {expected} parameters, for {string.Join(", ", upgrade.From.Select(static saved => $"'{saved}'"))}");
        }

        for (var i = 0; i < upgrade.From.Count; i++)
        {
            if (!SyntaxFacts.IsValidIdentifier(upgrade.From[i]) || upgrade.From[i] == state.Name)
            {
                return Wrong(
                    upgrade,
                    DiagnosticAnchor.MethodAttribute(upgrade.Method, upgrade.Overload, KnownNames.StateUpgrade, upgrade.Attribute, i + 1),
                    upgrade.From[i] == state.Name
                        ? $"'{state.Name}' is the state that it creates: remove the name"
                        : $"'{upgrade.From[i]}' is not the name of a state");
            }
        }

        if (ClassRules.IsUnknown(upgrade.Return)
            || ClassRules.IsUnknown(state.Type)
            || upgrade.Takes.Any(static parameter => ClassRules.IsUnknown(parameter.Type)))
        {
            return null;
        }

        if (state.Kind == StateKind.Reducing || (state.IsCollection && upgrade.From.Count > 0))
        {
            return Wrong(
                upgrade,
                DiagnosticAnchor.MethodAttribute(upgrade.Method, upgrade.Overload, KnownNames.StateUpgrade, upgrade.Attribute, 0),
                $"'{state.Name}' is a {state.Type.ShortName}, {(state.IsCollection ? "of which only former values can "
                    + "be converted" : "which cannot be converted: create a new state from its former 'record struct (bool HasValue, T Value)'")}");
        }

        if (upgrade.Return?.Name != (state.IsCollection ? state.Value.Type : state.Type.Name))
        {
            return Wrong(
                upgrade,
                DiagnosticAnchor.Return(upgrade.Method, upgrade.Overload),
                state.IsCollection
                    ? $"it does not return the type of the values of '{state.Name}'"
                    : $"it does not return {state.Type.ShortName}, the type of '{state.Name}'");
        }

        return upgrade.Takes
            .Select((parameter, i) => ValidateParameter(upgrade, parameter, i, state, declaration))
            .FirstOrDefault(static finding => finding != null);
    }

    private static DiagnosticInfo? ValidateParameter(
        UpgradeDeclaration upgrade,
        UpgradeParameter parameter,
        int index,
        StateDeclaration state,
        OperatorDeclaration declaration)
    {
        var place = DiagnosticAnchor.Parameter(upgrade.Method, upgrade.Overload, index);
        if (parameter.IsByReference)
        {
            return Wrong(upgrade, place, $"'{parameter.Name}' is passed by reference");
        }

        if (parameter.Unserializable != null)
        {
            return Wrong(upgrade, place, $"'{parameter.Name}' cannot have been saved ({parameter.Unserializable})");
        }

        if (upgrade.From.Count > 0)
        {
            return null;
        }

        var schema = ValueSchema.Plain.Of(parameter.Value);
        var twin = declaration.Upgrades.TakeWhile(other =>
            other != upgrade).FirstOrDefault(other => other.State == upgrade.State && other.From.Count == 0
            && other.Takes.Count == 1 && ValueSchema.Plain.Of(other.Takes[0].Value) == schema);
        return schema == ValueSchema.Plain.Of(state.Value) ? Wrong(
            upgrade,
            place,
            $"'{parameter.Name}' has the type that '{state.Name}' has now, so there is nothing to convert")
            : twin != null ? Wrong(upgrade, place, $"'{twin.Method}' already takes a former '{state.Name}' of this type")
            : null;
    }

    private static DiagnosticInfo Wrong(UpgradeDeclaration upgrade, DiagnosticAnchor place, string problem) =>
        new("PEN311", place, upgrade.Method, problem);
}
