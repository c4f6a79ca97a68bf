using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the state of an operator, and fields that are meant to be state.</summary>
internal static class StateReader
{
    public static IEnumerable<StateDeclaration> ReadStates(ImmutableArray<ISymbol> members, IAssemblySymbol home)
    {
        var reader = new StateValueReader(home);
        foreach (var member in members)
        {
            if (member is IPropertySymbol { PartialDefinitionPart: null } property && property.Attribute(KnownNames.State) != null)
            {
                yield return Read(property, reader);
            }
        }
    }

    /// <summary>The fields that are meant to be state.</summary>
    public static IEnumerable<StateFieldDeclaration> ReadFields(ImmutableArray<ISymbol> members)
    {
        foreach (var field in members.OfType<IFieldSymbol>().Where(static field => field.Attribute(KnownNames.State) != null))
        {
            var name = (field.AssociatedSymbol ?? field).Name;
            var type = field.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            yield return new StateFieldDeclaration(name, StateKinds.Of(field.Type), type);
        }
    }

    private static StateDeclaration Read(IPropertySymbol property, StateValueReader reader)
    {
        var kind = StateKinds.Of(property.Type);
        var arguments = kind == StateKind.Value ? [] : ((INamedTypeSymbol)property.Type).TypeArguments;
        var value = kind switch
        {
            StateKind.Reducing => StateKinds.Reduced(property.Type, reader.Read(arguments[0], property)),
            StateKind.Map => reader.Read(arguments[1], property),
            StateKind.List => reader.Read(arguments[0], property),
            StateKind.Value => reader.Read(property.Type, property),
            _ => throw new InvalidOperationException($"Unknown kind of state: {kind}."),
        };
        var attribute = property.Attribute(KnownNames.State)!;
        return new StateDeclaration(
            property.Name,
            PropertySyntax.Accessibility(property),
            StateKinds.TypeOf(property.Type, kind),
            kind == StateKind.Value ? FindProblem(property) : StateKinds.FindProblem(property),
            PropertySyntax.IsPartial(property),
            value,
            UnsupportedPart.Find(value, property.Name + (kind is StateKind.Map ? ".Values[]" : kind is StateKind.List ? "[]" : "")),
            FormerNames.Of(property),
            PropertySyntax.SecondPart(property))
        {
            Kind = kind,
            MapKey = kind == StateKind.Map ? ValueReader.Read(arguments[0]) : null,
            Elements = kind == StateKind.Reducing
                ? EquatableArray<TypeName>.Empty
                : arguments.Select(static argument => TypeReader.Read(argument).Declared).ToEquatableArray(),
            Stored = kind == StateKind.Reducing ? StateKinds.ReducedType(property.Type) : TypeReader.Read(property.Type).Declared,
            IsKeyScoped = attribute.Scalar<int>("Scope") == 1,
            Ttl = attribute.OptionalText("Ttl"),
            TtlTime = (TtlTime)(attribute.Scalar<int>("TtlTime") ?? 0),
            RefreshOnRead = attribute.Scalar<int>("TtlRefresh") == 1,
            TtlOption = attribute.IsGiven("TtlTime") ? "TtlTime" : attribute.IsGiven("TtlRefresh") ? "TtlRefresh" : null,
        };
    }

    private static string? FindProblem(IPropertySymbol property) =>
        property.IsStatic ? "it is static"
        : property.SetMethod != null ? "it has a setter"
        : property.IsIndexer ? "it is an indexer"
        : property.RefKind == RefKind.RefReadOnly ? "it is 'ref readonly'"
        : property.RefKind != RefKind.Ref ? "it does not return by 'ref'"
        : AccessibilityCheck.IsLessAccessible(property) ? AccessibilityCheck.Problem
        : PropertySyntax.HasBody(property) ? "it has a body of its own"
        : PropertySyntax.OtherModifier(property) is { } modifier ? $"it is '{modifier}'"
        : null;
}
