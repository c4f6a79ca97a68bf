using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Generator.Authoring;

/// <summary>
/// A factory method of a connector as generated code calls it: with the row type and its reader or writer, a context and the attribute.
/// </summary>
/// <param name="Name">The name of the method.</param>
/// <param name="Result">Its return type.</param>
/// <param name="Context">The type of its first parameter.</param>
/// <param name="Codec">The interface of the generated readers or writers.</param>
/// <param name="CodecParameter">The name of the second type parameter.</param>
/// <param name="CodecNoun">The name of the second type parameter in messages.</param>
internal sealed record FactoryMethod(string Name, string Result, string Context, string Codec, string CodecParameter, string CodecNoun)
{
    private const string Connectors = "Penstock.Connectors.";
    private const string Formats = "Penstock.Formats.";

    /// <summary>The declaration of the method.</summary>
    /// <param name="attribute">The attribute of the connector.</param>
    public string Declaration(INamedTypeSymbol attribute) =>
        $"public static {Result}<T> {Name}<T, {CodecParameter}>({Context} context, {attribute.Name} attribute) "
        + $"where {CodecParameter} : struct, {Codec}<T>";

    /// <summary>Determines why no method of the factory can be called.</summary>
    /// <returns>The reason, as a clause; null if they can be called.</returns>
    public static string? WhyNot(INamedTypeSymbol factory, INamedTypeSymbol attribute) =>
        factory.IsGenericType ? $"'{factory.Name}' is generic"
        : ReachOf(factory) < ReachOf(attribute) ? $"'{factory.Name}' is less accessible than '{attribute.Name}'"
        : null;

    /// <summary>Whether the factory has a method of this name.</summary>
    public bool IsDeclared(INamedTypeSymbol factory) => factory.GetMembers(Name).OfType<IMethodSymbol>().Any();

    /// <summary>Whether a method of this name takes the attribute, and not that of another connector.</summary>
    public bool IsFor(INamedTypeSymbol factory, INamedTypeSymbol attribute, Compilation compilation) =>
        factory.GetMembers(Name)
            .OfType<IMethodSymbol>()
            .Any(method => method.Parameters is [_, var settings, ..] && Converts(attribute, settings.Type, compilation));

    /// <summary>Determines why the factory cannot be called.</summary>
    /// <param name="factory">The factory.</param>
    /// <param name="attribute">The attribute of the connector.</param>
    /// <param name="compilation">The program.</param>
    /// <returns>The reason, as a clause; null if it can be called.</returns>
    public string? WhyNot(INamedTypeSymbol factory, INamedTypeSymbol attribute, Compilation compilation)
    {
        if (WhyNot(factory, attribute) is { } unusable)
        {
            return unusable;
        }

        // If several methods have this name, it is sufficient that one can be called. Otherwise the most similar one determines the
        // message.
        var why = $"there is no method '{Name}'";
        foreach (var method in factory.GetMembers(Name).OfType<IMethodSymbol>().OrderBy(static method => method.Arity == 2))
        {
            if (WhyNot(method, attribute, compilation) is not { } reason)
            {
                return null;
            }

            why = reason;
        }

        return why;
    }

    private string? WhyNot(IMethodSymbol method, INamedTypeSymbol attribute, Compilation compilation)
    {
        if (!method.IsStatic)
        {
            return $"'{Name}' is not static";
        }

        if (ReachOf(method) < ReachOf(attribute))
        {
            return $"'{Name}' is less accessible than '{attribute.Name}'";
        }

        if (method.Arity != 2)
        {
            return $"'{Name}' has {method.Arity} type parameters instead of two, the row and its {CodecNoun}";
        }

        return WhyNotCalled(method, attribute, compilation) ?? WhyNotConstructed(method, compilation);
    }

    private string? WhyNotCalled(IMethodSymbol method, INamedTypeSymbol attribute, Compilation compilation)
    {
        var takesBoth = method.Parameters is [{ RefKind: RefKind.None } context, { RefKind: RefKind.None } settings, .. var more]
            && more.All(static parameter => parameter.IsOptional || parameter.IsParams)
            && Converts(compilation.GetTypeByMetadataName(Connectors + Context), context.Type, compilation)
            && Converts(attribute, settings.Type, compilation);
        if (!takesBoth)
        {
            return $"'{Name}' does not take a {Context} and a {attribute.Name}";
        }

        var result = compilation.GetTypeByMetadataName($"{Connectors}{Result}`1")?.Construct(method.TypeParameters[0]);
        return result == null || Converts(method.ReturnType, result, compilation)
            ? null
            : $"'{Name}' returns {ShortName(method.ReturnType)}, which is not {Result}<{method.TypeParameters[0].Name}>";
    }

    private string? WhyNotConstructed(IMethodSymbol method, Compilation compilation)
    {
        var (row, codec) = (method.TypeParameters[0], method.TypeParameters[1]);
        if (row.HasReferenceTypeConstraint || row.HasValueTypeConstraint || row.HasConstructorConstraint || row.ConstraintTypes.Length > 0)
        {
            return $"'{row.Name}' of '{Name}' is constrained, but a row can be of any type";
        }

        var given = compilation.GetTypeByMetadataName($"{Formats}{Codec}`1")?.Construct(row);
        var isOther = codec.HasReferenceTypeConstraint
            || codec.HasUnmanagedTypeConstraint
            || codec.ConstraintTypes.Any(type => !SymbolEqualityComparer.Default.Equals(type, given));
        return isOther
            ? $"'{codec.Name}' of '{Name}' is constrained, but a generated {CodecNoun} is a struct that implements {Codec}<{row.Name}>"
            : null;
    }

    private static string ShortName(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    // A type that is missing in the program cannot be compared.
    private static bool Converts(ITypeSymbol? from, ITypeSymbol to, Compilation compilation) =>
        from == null || compilation.ClassifyConversion(from, to) is { IsIdentity: true } or { IsImplicit: true, IsReference: true };

    private static int ReachOf(ISymbol symbol)
    {
        var reach = symbol.DeclaredAccessibility switch
        {
            Accessibility.Public => 2,
            Accessibility.Internal or Accessibility.ProtectedOrInternal => 1,
            _ => 0,
        };
        return symbol.ContainingType == null ? reach : Math.Min(reach, ReachOf(symbol.ContainingType));
    }
}
