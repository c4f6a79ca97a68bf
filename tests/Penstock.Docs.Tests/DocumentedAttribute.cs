using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Docs.Tests;

/// <summary>An attribute that users write, with the examples in its documentation comment.</summary>
/// <param name="Name">The class, with its file.</param>
/// <param name="Examples">The code of the examples.</param>
internal sealed record DocumentedAttribute(string Name, IReadOnlyList<string> Examples)
{
    /// <summary>The attributes of a project that users can write, and that editors offer.</summary>
    /// <param name="project">The folder of the project, relative to the repository.</param>
    public static IEnumerable<DocumentedAttribute> Of(string project) =>
        from file in new FolderWalk(Path.Combine(Page.Root, project), ["obj", "bin"]).Files("*.cs")
        from type in CSharpSource.Parse(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>()
        where IsWritten(type)
        select new DocumentedAttribute($"{type.Identifier.Text}{type.TypeParameterList} of {project}", ExamplesOf(type));

    private static bool IsWritten(ClassDeclarationSyntax type) =>
        type.Identifier.Text.EndsWith("Attribute", StringComparison.Ordinal)
        && type.Modifiers.Any(SyntaxKind.PublicKeyword)
        && !type.Modifiers.Any(SyntaxKind.AbstractKeyword)
        && !type.AttributeLists.ToString().Contains("EditorBrowsable", StringComparison.Ordinal);

    // The comment as a string: a syntax tree of documentation would lose the line breaks of the code.
    private static List<string> ExamplesOf(ClassDeclarationSyntax type)
    {
        var lines = type.GetLeadingTrivia().ToFullString().ReplaceLineEndings("\n").Split('\n')
            .Select(static line => line.Trim())
            .Where(static line => line.StartsWith("///", StringComparison.Ordinal))
            .Select(static line => line.Length > 4 ? line[4..] : "");
        return
        [
            .. XElement.Parse($"<doc>{string.Join('\n', lines)}</doc>", LoadOptions.PreserveWhitespace)
                .Elements("example").Elements("code").Select(static code => code.Value),
        ];
    }
}
