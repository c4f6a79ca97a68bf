using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Docs.Tests;

/// <summary>
/// The code of a project as the compiler sees it: which file uses which declarations of which other file. Words in comments do not count,
/// and files in the same namespace are distinguished.
/// </summary>
internal sealed class ProjectCode
{
    private readonly CSharpCompilation _compilation;

    /// <summary>Creates it from the paths of files in the project, such as <c>Tasks/Subtask.cs</c>, and their contents.</summary>
    /// <param name="files">The files.</param>
    /// <param name="references">The assemblies of this repository that the project refers to.</param>
    public ProjectCode(
        IEnumerable<(string Place, string Text)> files,
        IReadOnlySet<string> references) => _compilation = CSharpSource.Compile(
        "Project",
        files.Select(static file => CSharpSource.Parse(file.Text, file.Place)),
        name => !name.StartsWith("Penstock", StringComparison.Ordinal) || references.Contains(name),
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    /// <summary>
    /// Creates it from a project of the repository: the files of its folder, and linked files at the places of their links.
    /// </summary>
    /// <param name="project">The path of the project.</param>
    public static ProjectCode OfRepository(string project)
    {
        var path = Path.Combine(Page.Root, project);
        var folder = Path.GetDirectoryName(path)!;
        var own = new FolderWalk(folder, ["obj", "bin"])
            .Files("*.cs")
            .Select(file => (Place: Path.GetRelativePath(folder, file).Replace('\\', '/'), Path: file));
        var linked = XDocument.Load(path).Descendants("Compile")
            .Where(static item => item.Attribute("Link") is not null)
            .SelectMany(item =>
            {
                var pattern = Path.GetFullPath(Path.Combine(folder, item.Attribute("Include")!.Value));
                return Directory.EnumerateFiles(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern)).Select(file =>
                    (Place: item.Attribute("Link")!.Value.Replace(
                        "%(Filename)",
                        Path.GetFileNameWithoutExtension(file),
                        StringComparison.Ordinal), Path: file));
            });
        return new(own.Concat(linked).Select(static file => (file.Place, File.ReadAllText(file.Path))), ReferencesOf(path));
    }

    /// <summary>The paths of all files.</summary>
    public IEnumerable<string> Places =>
        _compilation.SyntaxTrees.Select(static tree => tree.FilePath).Where(static place => place.Length > 0);

    /// <summary>
    /// Type names that the compiler cannot resolve; their uses would be missing. (Members that generators add are missing too, but their
    /// types are not.)
    /// </summary>
    public IReadOnlyList<string> Unbound =>
        [.. _compilation.GetDiagnostics()
            .Where(static problem => problem.Id is "CS0103" or "CS0234" or "CS0246")
            .Select(static problem => problem.ToString())];

    /// <summary>The uses of declarations of other files, one for each pair of files and type.</summary>
    public IReadOnlyList<Use> Uses() =>
    [
        .. _compilation.SyntaxTrees.AsParallel().AsOrdered().SelectMany(UsesOf).Distinct()
            .OrderBy(static use => use.From, StringComparer.Ordinal).ThenBy(static use => use.To, StringComparer.Ordinal)
            .ThenBy(static use => use.Type, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The places that create C# text: a string with a type name from the root of namespaces, a literal with the quotes of C#, a symbol
    /// displayed with its full namespace, or the text of a value of a type that stands for C# text.
    /// </summary>
    /// <param name="type">The name of that type.</param>
    public IReadOnlyList<CodeText> CodeTexts(string type) =>
        [.. _compilation.SyntaxTrees.AsParallel().AsOrdered().SelectMany(tree => CodeTextsOf(tree, type))];

    private IEnumerable<CodeText> CodeTextsOf(SyntaxTree tree, string type)
    {
        var model = _compilation.GetSemanticModel(tree);
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var isText = node switch
            {
                LiteralExpressionSyntax literal => IsRooted(literal.Token.ValueText),
                InterpolatedStringTextSyntax text => IsRooted(text.TextToken.ValueText),
                InterpolationSyntax hole => IsOf(hole.Expression),
                BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) => IsOf(sum.Left) || IsOf(sum.Right),
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToString" } called } =>
                    IsOf(called.Expression),
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax called } call when IsString(called.Expression) =>
                    call.ArgumentList.Arguments.Any(argument => IsOf(argument.Expression) || IsManyOf(argument.Expression)),
                SimpleNameSyntax { Identifier.ValueText: "FormatLiteral" or "FormatPrimitive" or "FullyQualifiedFormat" } => true,
                _ => false,
            };
            if (isText)
            {
                yield return new(tree.FilePath, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, node.ToString());
            }
        }

        static bool IsRooted(string text) => text.Contains("global::", StringComparison.Ordinal);

        bool IsOf(ExpressionSyntax expression) => model.GetTypeInfo(expression).Type?.Name == type;

        bool IsManyOf(ExpressionSyntax expression) =>
            model.GetTypeInfo(expression).Type is INamedTypeSymbol { TypeArguments: [{ Name: var item }] } && item == type;

        bool IsString(ExpressionSyntax expression) =>
            model.GetSymbolInfo(expression).Symbol is INamedTypeSymbol { SpecialType: SpecialType.System_String };
    }

    // References of a project are also references of the projects that refer to it.
    private static HashSet<string> ReferencesOf(string project) =>
    [
        .. XDocument.Load(project).Descendants("ProjectReference")
            .Select(item => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, item.Attribute("Include")!.Value)))
            .SelectMany(static path => ReferencesOf(path).Prepend(Path.GetFileNameWithoutExtension(path) + ".dll")),
    ];

    private HashSet<Use> UsesOf(SyntaxTree tree)
    {
        var model = _compilation.GetSemanticModel(tree);
        var uses = new HashSet<Use>();
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is not (SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or ElementAccessExpressionSyntax))
            {
                continue;
            }

            var info = model.GetSymbolInfo(node);
            foreach (var symbol in info.Symbol is { } one ? [one] : info.CandidateSymbols)
            {
                if (TypeOf(symbol) is { } type && PlaceOf(symbol, type, tree.FilePath) is { } place)
                {
                    uses.Add(new(tree.FilePath, place, type.Name));
                }
            }
        }

        return uses;
    }

    private static INamedTypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        INamespaceSymbol or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ITypeParameterSymbol or ILabelSymbol => null,
        IAliasSymbol alias => TypeOf(alias.Target),
        INamedTypeSymbol type => type,
        _ => symbol.ContainingType,
    };

    /// <summary>
    /// Returns the other file that declares a type. If several files declare it, that is the file with the used member, or else the nearest
    /// one.
    /// </summary>
    /// <returns>The path; null if it is the file itself, or no file of the project.</returns>
    private static string? PlaceOf(ISymbol symbol, INamedTypeSymbol type, string user)
    {
        var parts = PlacesOf(type.OriginalDefinition);
        if (parts is not [_, _, ..])
        {
            return parts.FirstOrDefault(place => place != user);
        }

        var member = symbol is INamedTypeSymbol or IAliasSymbol ? [] : PlacesOf(symbol.OriginalDefinition);
        var declaring = member.Count > 0 ? member : parts;
        return declaring.Contains(user) ? null : declaring.FirstOrDefault(place => FolderOf(place) == FolderOf(user)) ?? declaring[0];
    }

    private static List<string> PlacesOf(ISymbol symbol) =>
        [.. symbol.DeclaringSyntaxReferences.Select(static reference => reference.SyntaxTree.FilePath)];

    private static string FolderOf(string place) => place[..(place.LastIndexOf('/') + 1)];

    /// <summary>A place that creates C# text.</summary>
    internal sealed record CodeText(string Place, int Line, string Text);

    /// <summary>A file uses a type that another one declares.</summary>
    internal sealed record Use(string From, string To, string Type);
}
