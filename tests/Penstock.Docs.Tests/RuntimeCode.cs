using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Docs.Tests;

/// <summary>
/// The code of the runtime as its compiler sees it, file by file: which file uses what which other file declares. A word in a comment is no
/// symbol, and a namespace that two folders share hides nothing.
/// </summary>
internal sealed class RuntimeCode
{
    private const string Project = "src/Runtime/Penstock.Runtime.csproj";

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    private readonly CSharpCompilation _compilation;

    /// <summary>Of files with these places in the runtime, such as <c>Tasks/Subtask.cs</c>, and their text.</summary>
    public RuntimeCode(IEnumerable<(string Place, string Text)> files)
    {
        _compilation = CSharpCompilation.Create(
            "Penstock.Runtime",
            [
                CSharpSyntaxTree.ParseText(ImplicitUsings, ParseOptions),
                .. files.Select(static file => CSharpSyntaxTree.ParseText(file.Text, ParseOptions, file.Place)),
            ],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(static path => Path.GetFileName(path) is not "Penstock.Runtime.dll" and not "Penstock.Generator.dll")
                .Select(static path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Of the repository: the files of the folder, and those that the project takes from elsewhere, where it puts them.</summary>
    public static RuntimeCode OfRepository()
    {
        var folder = Path.Combine(Page.Root, "src/Runtime");
        var own = new FolderWalk(folder, ["obj", "bin"]).Files("*.cs").Select(path => (Place: Path.GetRelativePath(folder, path), Path: path));
        var linked = XDocument.Load(Path.Combine(Page.Root, Project)).Descendants("Compile")
            .Where(static item => item.Attribute("Link") is not null)
            .SelectMany(item =>
            {
                var pattern = Path.GetFullPath(Path.Combine(folder, item.Attribute("Include")!.Value));
                return Directory.EnumerateFiles(Path.GetDirectoryName(pattern)!, Path.GetFileName(pattern)).Select(path =>
                    (Place: item.Attribute("Link")!.Value.Replace("%(Filename)", Path.GetFileNameWithoutExtension(path), StringComparison.Ordinal), Path: path));
            });
        return new(own.Concat(linked).Select(static file => (file.Place, File.ReadAllText(file.Path))));
    }

    /// <summary>The places of all files.</summary>
    public IEnumerable<string> Places => _compilation.SyntaxTrees.Select(static tree => tree.FilePath).Where(static place => place.Length > 0);

    /// <summary>Names of types that mean nothing to the compiler: the arrows to what they mean would be missing. (Members that generators add are missing as well; their types are not.)</summary>
    public IReadOnlyList<string> Unbound =>
        [.. _compilation.GetDiagnostics().Where(static problem => problem.Id is "CS0103" or "CS0234" or "CS0246").Select(static problem => problem.ToString())];

    /// <summary>Each use of what another file declares, once for each pair of files and type.</summary>
    public IReadOnlyList<Use> Uses() =>
    [
        .. _compilation.SyntaxTrees.AsParallel().AsOrdered().SelectMany(UsesOf).Distinct()
            .OrderBy(static use => use.From, StringComparer.Ordinal).ThenBy(static use => use.To, StringComparer.Ordinal).ThenBy(static use => use.Type, StringComparer.Ordinal),
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
                if (TypeOf(symbol) is { } type)
                {
                    var places = type.OriginalDefinition.DeclaringSyntaxReferences.Select(static reference => reference.SyntaxTree.FilePath).ToImmutableArray();
                    if (places.Length > 0 && !places.Contains(tree.FilePath))
                    {
                        uses.Add(new(tree.FilePath, places[0], type.Name));
                    }
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

    /// <summary>A file uses a type that another one declares.</summary>
    internal sealed record Use(string From, string To, string Type);
}
