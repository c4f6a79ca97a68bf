using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads operators, from source code or, for other assemblies, from their generated contracts.</summary>
internal static class OperatorReader
{
    // An operator is read by its own step and by every pipeline that applies it. Compilations are immutable, and the table does not keep
    // them alive.
    private static readonly ConditionalWeakTable<INamedTypeSymbol, OperatorDeclaration> Known = new();

    /// <summary>The declaration of an operator; null if the class is not an operator.</summary>
    public static OperatorDeclaration? Read(INamedTypeSymbol type, Compilation compilation)
    {
        if (Known.TryGetValue(type, out var known))
        {
            return known;
        }

        if (type.Attribute(KnownNames.Operator) == null)
        {
            return null;
        }

        return Known.GetValue(type, symbol => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, compilation.Assembly)
            ? ReadSource(symbol, compilation)
            : ContractReader.Read(symbol));
    }

    private static OperatorDeclaration ReadSource(INamedTypeSymbol type, Compilation compilation)
    {
        var members = type.WrittenMembers();
        var methods = OperatorMethodReader.Read(members);
        var merges = methods.Exists(static method => method.Declaration.Form.Takes == MethodInput.State);
        return new OperatorDeclaration(
            ClassReader.Read(type),
            null,
            methods.Select(static method => method.Declaration).ToEquatableArray(),
            ReadKeys(type, methods, compilation),
            OperatorKinds.Attributes.SelectMany(attribute => Read(type, attribute)).ToEquatableArray(),
            StateReader.ReadStates(members, compilation.Assembly).ToEquatableArray(),
            UpgradeReader.Read(members, compilation.Assembly).ToEquatableArray(),
            members.FirstOrDefault(member => member.Name is KnownNames.Contract
                or KnownNames.StateField
                or KnownNames.KeyStateField
                or KnownNames.CollectionsField
                or KnownNames.ClockField
                || (member.Name == KnownNames.Accumulator && merges))?.Name,
            members.FirstOrDefault(static member =>
                member is (IPropertySymbol or IMethodSymbol) && MisplacedAttributes.IsStreamMember(member))?.Name,
            ClassReader.ReadCreation(type, compilation, type))
        {
            IsDisposable = type.IsDisposable(),
            HasClassKey = type.Attribute(KnownNames.KeyBy) != null,
            StrayKeys = members.OfType<IMethodSymbol>()
                .SelectMany(method => StrayKeysOf(method).Select(parameter =>
                    (method.Name, OperatorMethods.OverloadOf(method, members), parameter)))
                .ToEquatableArray(),
            StateFields = StateReader.ReadFields(members).ToEquatableArray(),
        };
    }

    // The index of a parameter, or -1 for the method.
    private static IEnumerable<int> StrayKeysOf(IMethodSymbol method)
    {
        var forms = OperatorMethods.FormsOf(method).ToList();
        if (method.Attribute(KnownNames.KeyBy) != null && !forms.Exists(OperatorKinds.InputMethods.Contains))
        {
            yield return -1;
        }

        foreach (var parameter in method.Parameters.Skip(forms.Exists(static form => form.TakesPair) ? 2 : 0))
        {
            if (parameter.Attribute(KnownNames.KeyBy) != null)
            {
                yield return parameter.Ordinal;
            }
        }
    }

    // Each input has the key that its method declares, or otherwise that of the class, with members of its own rows.
    private static EquatableArray<KeyDeclaration> ReadKeys(
        INamedTypeSymbol type,
        List<(IMethodSymbol Symbol, MethodDeclaration Declaration)> methods,
        Compilation compilation)
    {
        var ofClass = type.Attribute(KnownNames.KeyBy);
        var form = methods.Find(static method => method.Declaration.Form.TakesRow).Declaration?.Form;
        var pair = methods.Find(static method => method.Declaration.Form.TakesPair).Symbol;
        var inputs = (pair != null
            ? pair.Parameters.Take(2).Select(side => (Key: side.Attribute(KnownNames.KeyBy) ?? ofClass, Row: (ITypeSymbol?)side.Type))
            : methods.Where(method => method.Declaration.Form == form)
                .Select(static method => method.Symbol)
                .Select(method => (Key: method.Attribute(KnownNames.KeyBy) ?? ofClass, Row: method.Parameters.FirstOrDefault()?.Type)))
            .DefaultIfEmpty((ofClass, null))
            .ToList();
        return inputs.Exists(static input => input.Key == null)
            ? EquatableArray<KeyDeclaration>.Empty
            : inputs.Select(input => KeyReader.Read(input.Key!, input.Row, compilation, type)).ToEquatableArray();
    }

    /// <summary>The parameters and properties that are given, as text.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="name">The name of its class.</param>
    /// <param name="parameters">The parameters and properties to read.</param>
    public static WrittenAttribute Written(AttributeData attribute, string name, EquatableArray<string> parameters) => new(
        name,
        parameters.Where(attribute.IsGiven)
            .Select(parameter => new WrittenValue(parameter, attribute.ConstantText(parameter)))
            .ToEquatableArray());

    private static IEnumerable<WrittenAttribute> Read(INamedTypeSymbol type, KindAttribute attribute)
    {
        if (type.Attribute(attribute.Name) is { } written)
        {
            yield return Written(written, attribute.Name, attribute.Parameters);
        }
    }
}
