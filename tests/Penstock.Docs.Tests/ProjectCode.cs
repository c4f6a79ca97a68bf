using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Docs.Tests;

/// <summary>
/// The code of a project as the compiler sees it, file by file: which file uses what which other file declares. A word in a comment is no
/// symbol, and a namespace that two folders share hides nothing.
/// </summary>
internal sealed class ProjectCode
{
    private readonly CSharpCompilation _compilation;

    /// <summary>Of files with these places in the project, such as <c>Tasks/Subtask.cs</c>, and their text.</summary>
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
    /// Of a project of the repository: the files of its folder, and those that it takes from elsewhere, where it puts them.
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

    /// <summary>The places of all files.</summary>
    public IEnumerable<string> Places =>
        _compilation.SyntaxTrees.Select(static tree => tree.FilePath).Where(static place => place.Length > 0);

    /// <summary>
    /// Names of types that mean nothing to the compiler: the arrows to what they mean would be missing. (Members that generators add are
    /// missing as well; their types are not.)
    /// </summary>
    public IReadOnlyList<string> Unbound =>
        [.. _compilation.GetDiagnostics()
            .Where(static problem => problem.Id is "CS0103" or "CS0234" or "CS0246")
            .Select(static problem => problem.ToString())];

    /// <summary>Each use of what another file declares, once for each pair of files and type.</summary>
    public IReadOnlyList<Use> Uses() =>
    [
        .. _compilation.SyntaxTrees.AsParallel().AsOrdered().SelectMany(UsesOf).Distinct()
            .OrderBy(static use => use.From, StringComparer.Ordinal).ThenBy(static use => use.To, StringComparer.Ordinal)
            .ThenBy(static use => use.Type, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Each place where text of C# is made: a string that names a type from the root of namespaces, a literal that is quoted as C# quotes
    /// it, a symbol that is displayed with all of its namespace, or the text of a value of a type that stands for such text.
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

    // What a project refers to is referred to by what refers to it.
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
    /// The other file that declares a type: of a type in several files that with the member that is used, or else the nearest.
    /// </summary>
    /// <returns>Its place; null where it is the file itself, or none of the project.</returns>
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

    /// <summary>A place where text of C# is made.</summary>
    internal sealed record CodeText(string Place, int Line, string Text);

    /// <summary>A file uses a type that another one declares.</summary>
    internal sealed record Use(string From, string To, string Type);
}
