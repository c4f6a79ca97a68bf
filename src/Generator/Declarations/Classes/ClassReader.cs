using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Reads what classes of pipelines, operators and connectors have in common.</summary>
internal static class ClassReader
{
    public static bool IsAttributedClass(SyntaxNode node) => node is TypeDeclarationSyntax { AttributeLists.Count: > 0 };

    public static ClassDeclaration Read(INamedTypeSymbol type)
    {
        var containing = new List<ContainingType>();
        for (var outer = type.ContainingType; outer != null; outer = outer.ContainingType)
        {
            containing.Insert(0, new ContainingType(Keyword(outer), outer.Name, IsPartial(outer)));
        }

        var space = type.ContainingNamespace is { IsGlobalNamespace: false } named
            ? string.Join(".", named.ToDisplayParts().Where(static part => part.Symbol != null).Select(static part => part.Symbol!.Name))
            : "";
        return new ClassDeclaration(
            TypeReader.Name(type),
            type.Name,
            space,
            HintName(type),
            Keyword(type),
            type.TypeParameters.Select(static parameter => parameter.Name).ToEquatableArray(),
            containing.ToEquatableArray(),
            IsPartial(type),
            FindProblem(type),
            TypeReader.Access(type))
        {
            Bodiless = PartialProperties.Bodiless(type).ToEquatableArray(),
            LacksBodies = PartialProperties.LackBodies(type),
        };
    }

    /// <summary>How the class is created by constructor injection.</summary>
    public static CreationDeclaration ReadCreation(INamedTypeSymbol type, Compilation compilation, ISymbol within)
    {
        if (type.IsAbstract)
        {
            return WithProblem(CreationProblem.Abstract);
        }

        var constructors = type.InstanceConstructors
            .Where(constructor => !IsCopy(constructor, type) && compilation.IsSymbolAccessibleWithin(constructor, within))
            .ToList();
        var chosen = constructors.Count > 1 ? constructors.Where(IsMarked).ToList() : constructors;
        if (chosen.Count != 1)
        {
            return WithProblem(constructors.Count == 0 ? CreationProblem.NoConstructor : CreationProblem.SeveralConstructors);
        }

        if (HasRequiredMembers(type)
            && !chosen[0].GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "SetsRequiredMembersAttribute"))
        {
            return WithProblem(CreationProblem.RequiredMembers);
        }

        var services = new List<ServiceModel>();
        foreach (var parameter in chosen[0].Parameters)
        {
            if (TypeReader.Access(parameter.Type) == TypeAccess.Unknown)
            {
                return WithProblem(CreationProblem.Unknown);
            }

            if (parameter.RefKind != RefKind.None
                || parameter.IsParams
                || parameter.Type.IsValueType
                || parameter.Type is not INamedTypeSymbol
                || parameter.Type.SpecialType == SpecialType.System_String)
            {
                return new CreationDeclaration(
                    EquatableArray<ServiceModel>.Empty,
                    CreationProblem.Parameter,
                    $"{parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {parameter.Name}",
                    parameter.Ordinal);
            }

            services.Add(new ServiceModel(TypeReader.Name(parameter.Type), Origin(parameter)));
        }

        return new CreationDeclaration(services.ToEquatableArray(), CreationProblem.None, "", -1);
    }

    private static CreationDeclaration WithProblem(CreationProblem problem) => new(EquatableArray<ServiceModel>.Empty, problem, "", -1);

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type) =>
        type.IsRecord && constructor.Parameters is [var only] && SymbolEqualityComparer.Default.Equals(only.Type, type);

    private static bool IsMarked(IMethodSymbol constructor) =>
        constructor.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "ActivatorUtilitiesConstructorAttribute");

    private static ServiceOrigin Origin(IParameterSymbol parameter) =>
        parameter.Type is
        {
            Name: "IServiceProvider",
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        } ? ServiceOrigin.Provider
        : parameter.NullableAnnotation == NullableAnnotation.Annotated || parameter.IsOptional ? ServiceOrigin.Optional
        : ServiceOrigin.Required;

    private static bool HasRequiredMembers(INamedTypeSymbol type)
    {
        for (var current = type; current != null; current = current.BaseType)
        {
            if (current
                .GetMembers()
                .Any(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
            {
                return true;
            }
        }

        return false;
    }

    private static string? FindProblem(INamedTypeSymbol type)
    {
        if (type.TypeKind is TypeKind.Struct or TypeKind.Interface)
        {
            return type.TypeKind == TypeKind.Struct ? ClassDeclaration.Struct : ClassDeclaration.Interface;
        }

        for (var outer = type; outer != null; outer = outer.ContainingType)
        {
            if (outer.Arity > 0)
            {
                return "generic";
            }

            if (outer.IsFileLocal)
            {
                return "file-local";
            }
        }

        return type.IsStatic ? "static"
            : type.IsAbstract ? "abstract"
            : null;
    }

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(static reference =>
        reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string Keyword(INamedTypeSymbol type) => type.TypeKind switch
    {
        TypeKind.Interface => "interface",
        TypeKind.Struct => type.IsRecord ? "record struct" : "struct",
        _ => type.IsRecord ? "record" : "class",
    };

    private static string HintName(INamedTypeSymbol type)
    {
        var name = type.Name;
        for (var outer = type.ContainingType; outer != null; outer = outer.ContainingType)
        {
            name = $"{outer.MetadataName.Replace('`', '_')}.{name}";
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString().Replace("@", "")}.{name}" : name;
    }
}
