using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Words;

namespace Penstock.Generator.Diagnostics;

/// <summary>Converts places to spans. If a part is missing, the nearest existing part around it is used.</summary>
internal static class AnchorResolver
{
    public static Location Resolve(DiagnosticAnchor place, INamedTypeSymbol type)
    {
        var symbol = place.Member == null ? type : Member(type, place);
        return (place.Part switch
        {
            AnchorPart.ContainingName => NameOf(Containing(type, place.Index)),
            AnchorPart.Type => TypeOf(symbol)?.GetLocation(),
            AnchorPart.RowType => RowTypeOf(symbol)?.GetLocation(),
            AnchorPart.Column => Column(symbol, place) ?? RowTypeOf(symbol)?.GetLocation(),
            AnchorPart.Parameter when place.Member == null => ServiceParameter(type, place.Element),
            AnchorPart.Parameter =>
                (Syntax(symbol) as BaseMethodDeclarationSyntax)?.ParameterList.Parameters.ElementAtOrDefault(place.Element)?.GetLocation(),
            AnchorPart.StatePart => StatePath.Find(symbol, place.Argument!),
            AnchorPart.Attribute => Argument(Owner(symbol, place)?.Attributes(place.Attribute!).ElementAtOrDefault(place.Index), place),
            AnchorPart.Producer => Argument(symbol?.Producers().ElementAtOrDefault(place.Index), place),
            AnchorPart.Sink => Argument(symbol?.AttributesDerivedFrom(KnownNames.Sink).ElementAtOrDefault(place.Index), place),
            AnchorPart.Name => null,
            _ => throw new InvalidOperationException($"Unknown part of a declaration: {place.Part}."),
        }) ?? NameOf(symbol ?? type) ?? NameOf(type) ?? Location.None;
    }

    private static ISymbol? Owner(ISymbol? symbol, DiagnosticAnchor place) => place.ParameterIndex < 0
        ? symbol
        : (symbol as IMethodSymbol)?.Parameters.ElementAtOrDefault(place.ParameterIndex);

    private static ISymbol? Member(INamedTypeSymbol type, DiagnosticAnchor place)
    {
        var found = type.GetMembers(place.Member!);
        if (place.Part == AnchorPart.Attribute && place.Overload > 0)
        {
            return found.OfType<IMethodSymbol>().ElementAtOrDefault(place.Overload);
        }

        return found.OfType<IMethodSymbol>().ElementAtOrDefault(place.Index) is { } method
            && place.Part is AnchorPart.Name or AnchorPart.Type or AnchorPart.Parameter
            && found[0] is IMethodSymbol
            ? found.OfType<IMethodSymbol>().ElementAtOrDefault(place.Index)
            : found.FirstOrDefault();
    }

    // For a positional record, the attribute may be on the parameter.
    private static Location? Column(ISymbol? stream, DiagnosticAnchor place)
    {
        var row = (stream as IPropertySymbol)?.Type is INamedTypeSymbol { TypeArguments: [INamedTypeSymbol argument] } ? argument : null;
        for (var type = row; type != null; type = type.BaseType)
        {
            var member = type.GetMembers(place.RowMember!).FirstOrDefault(static found => found is IPropertySymbol or IFieldSymbol);
            if (member == null)
            {
                continue;
            }

            var marked = type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters)
                .Where(parameter => string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase)).Prepend(member)
                .Select(candidate => candidate.Attribute(place.Attribute!))
                .FirstOrDefault(attribute => attribute?.IsGiven(place.Argument ?? "") == true);
            return (place.Argument == null ? null : Argument(marked, place)) ?? NameOf(member);
        }

        return null;
    }

    private static Location? Argument(AttributeData? attribute, DiagnosticAnchor place)
    {
        if (attribute?.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax syntax)
        {
            return null;
        }

        if (place.Argument == null)
        {
            return syntax.Name.GetLocation();
        }

        if (place.Argument == DiagnosticAnchor.TypeArgument)
        {
            return Generic(syntax.Name)?.TypeArgumentList.Arguments.FirstOrDefault()?.GetLocation() ?? syntax.Name.GetLocation();
        }

        var expression = place.Element >= 0
            ? AttributeValues.Elements(attribute).ElementAtOrDefault(place.Element)
            : attribute.Syntax(place.Argument);
        return expression?.GetLocation() ?? syntax.Name.GetLocation();
    }

    private static GenericNameSyntax? Generic(NameSyntax name) => name switch
    {
        GenericNameSyntax generic => generic,
        QualifiedNameSyntax qualified => Generic(qualified.Right),
        AliasQualifiedNameSyntax alias => Generic(alias.Name),
        _ => null,
    };

    private static TypeSyntax? TypeOf(ISymbol? symbol) => Syntax(symbol) switch
    {
        PropertyDeclarationSyntax property => property.Type is RefTypeSyntax reference ? reference.Type : property.Type,
        MethodDeclarationSyntax method => method.ReturnType,
        _ => null,
    };

    private static TypeSyntax? RowTypeOf(ISymbol? symbol)
    {
        var type = TypeOf(symbol);
        return type is NameSyntax name ? Generic(name)?.TypeArgumentList.Arguments.FirstOrDefault() ?? type : type;
    }

    private static INamedTypeSymbol? Containing(INamedTypeSymbol type, int index)
    {
        var outer = type.ContainingType;
        for (; index > 0 && outer != null; index--)
        {
            outer = outer.ContainingType;
        }

        return outer;
    }

    private static Location? ServiceParameter(INamedTypeSymbol type, int index) => type.InstanceConstructors
        .OrderByDescending(static constructor => constructor.GetAttributes().Length)
        .Select(constructor =>
            constructor.Parameters.ElementAtOrDefault(index)?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax().GetLocation())
        .FirstOrDefault(static location => location != null);

    private static SyntaxNode? Syntax(ISymbol? symbol) => symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();

    private static Location? NameOf(ISymbol? symbol) => symbol?.Locations.FirstOrDefault(static location => location.IsInSource);
}
