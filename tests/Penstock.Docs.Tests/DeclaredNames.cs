using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Docs.Tests;

/// <summary>The types that <c>src</c> declares, each with its members. Words in comments and strings do not count.</summary>
internal sealed partial class DeclaredNames
{
    private static readonly Lazy<DeclaredNames> Source = new(static () => new DeclaredNames(
        new FolderWalk(Path.Combine(Page.Root, "src"), ["obj", "bin"]).Files("*.cs").Select(File.ReadAllText)));

    private readonly Dictionary<string, HashSet<string>> _members = [];

    private DeclaredNames(IEnumerable<string> files)
    {
        foreach (var type in files.AsParallel().SelectMany(static text => CSharpSource.Parse(text).GetRoot().DescendantNodes())
            .OfType<BaseTypeDeclarationSyntax>())
        {
            if (!_members.TryGetValue(type.Identifier.Text, out var members))
            {
                _members.Add(type.Identifier.Text, members = []);
            }

            members.UnionWith(MembersOf(type));
        }
    }

    /// <summary>Reads the declarations of the projects of the repository.</summary>
    public static DeclaredNames OfSource() => Source.Value;

    /// <summary>Whether a type, attribute or member exists.</summary>
    /// <param name="code">The code as on a page: <c>Type</c>, <c>Type&lt;T&gt;</c>, <c>Type.Member</c>, or <c>[Attribute]</c>.</param>
    public bool Contains(string code)
    {
        var name = TypeArguments().Replace(code, "");
        if (name.StartsWith('['))
        {
            return _members.ContainsKey(name.Trim('[', ']') + "Attribute");
        }

        return name.Split('.') is [var type, var member]
            ? _members.TryGetValue(type, out var members) && members.Contains(member)
            : _members.ContainsKey(name);
    }

    private static IEnumerable<string> MembersOf(BaseTypeDeclarationSyntax type) => type switch
    {
        EnumDeclarationSyntax values => values.Members.Select(static value => value.Identifier.Text),
        RecordDeclarationSyntax { ParameterList: { } positional } record =>
            positional.Parameters.Select(static parameter => parameter.Identifier.Text).Concat(record.Members.SelectMany(NamesOf)),
        TypeDeclarationSyntax other => other.Members.SelectMany(NamesOf),
        _ => throw new InvalidOperationException($"Unknown declaration: {type.Kind()}."),
    };

    private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
    {
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        MethodDeclarationSyntax method => [method.Identifier.Text],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(static variable => variable.Identifier.Text),
        _ => [],
    };

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex TypeArguments();
}
