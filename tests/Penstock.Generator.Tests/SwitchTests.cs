using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>
/// A switch over an enum must list its members and throw for others. Otherwise a member that is added later would silently be treated like
/// another one. A default arm may return a value only if the switch selects the minority of the members, as in "is it one of these?".
/// </summary>
public sealed class SwitchTests
{
    // The implicit usings of the projects of the repository.
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    // Read once, and not for each program.
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    [Fact]
    public void Switches_in_src_throw_for_unknown_members()
    {
        var source = Path.Combine(Repository.Root, "src");
        var built = new[]
        {
            $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
            $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}"
        };
        var files = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !built.Any(file.Contains))
            .Order(StringComparer.Ordinal);
        var (found, wrong) =
            Check(files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: Path.GetRelativePath(source, file))));
        Assert.InRange(found, 50, int.MaxValue);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("int M(E e) => e switch { E.A => 1, E.B => 2, E.C => 3, _ => throw new Exception() };", null)]
    [InlineData("int M(E e) => e switch { E.A => 1, E.B => 2, E.C => 3 };", null)]
    [InlineData("int M(E e) => e switch { E.A => 1, _ => 2 };", null)]
    [InlineData("int M(E e) => e switch { E.A => 1, E.B => 2, _ => 3 };", "C")]
    [InlineData("int M(E? e) => e switch { E.A or E.B => 2, var other => 3 };", "C")]
    [InlineData("int M(E e) => e switch { E.A => 1, E.B => 2, E.C => 3, _ => 4 };", "members that do not exist yet")]
    [InlineData("int M(E e) { switch (e) { case E.A: return 1; case E.B: return 2; default: return 3; } }", "C")]
    [InlineData("int M(E e) { switch (e) { case E.A: return 1; case E.B: return 2; case E.C: default: throw new Exception(); } }", null)]
    [InlineData("void M(E e) { switch (e) { case E.A: M(e); break; case E.B or E.C: break; } }", "members that do not exist yet")]
    [InlineData("void M(E e) { switch (e) { case E.A: M(e); break; } }", null)]
    [InlineData("int M(int i) => i switch { 1 => 1, 2 => 2, _ => 3 };", null)]
    public void A_switch_that_misses_a_member_is_reported(string method, string? left)
    {
        var (found, wrong) = Check([CSharpSyntaxTree.ParseText($"enum E {{ A, B, C }} class K {{ {method} }}", path: "K.cs")]);
        Assert.Equal(method.Contains("E e", StringComparison.Ordinal) || method.Contains("E? e", StringComparison.Ordinal) ? 1 : 0, found);
        Assert.Equal(left == null
            ? []
            : [$"K.cs, line 1: the switch over E gives an answer for {left}. Name the members, and throw for all others."], wrong);
    }

    private static (int Found, IReadOnlyList<string> Wrong) Check(IEnumerable<SyntaxTree> trees)
    {
        var compilation = CSharpCompilation.Create("Switches", trees.Append(CSharpSyntaxTree.ParseText(Usings)), References);
        var (found, wrong) = (0, new List<string>());
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var (node, governing, patterns, others) in tree.GetRoot().DescendantNodes().Select(Read))
            {
                if (governing == null || EnumOf(model.GetTypeInfo(governing).Type) is not { DeclaringSyntaxReferences.IsEmpty: false } type)
                {
                    continue;
                }

                found++;
                var named = patterns.SelectMany(static pattern => pattern.DescendantNodesAndSelf())
                    .Select(part => model.GetSymbolInfo(part).Symbol)
                    .OfType<IFieldSymbol>()
                    .Select(static member => member.Name)
                    .ToHashSet();
                var left = type.GetMembers()
                    .OfType<IFieldSymbol>()
                    .Select(static member => member.Name)
                    .Where(member => !named.Contains(member))
                    .ToList();
                var throws = others is ThrowExpressionSyntax or ThrowStatementSyntax || (others == null && node is SwitchExpressionSyntax);
                if (!throws && left.Count <= named.Count)
                {
                    var line = tree.GetLineSpan(node.Span).StartLinePosition.Line + 1;
                    var taken = left.Count == 0 ? "members that do not exist yet" : string.Join(", ", left);
                    wrong.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{tree.FilePath}, line {line}: the switch over {type.Name} gives an answer for {taken}. Name the members, and throw for all others."));
                }
            }
        }

        return (found, wrong);
    }

    private static INamedTypeSymbol? EnumOf(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => EnumOf(nullable.TypeArguments[0]),
        INamedTypeSymbol { TypeKind: TypeKind.Enum } found => found,
        _ => null,
    };

    // The value of a switch, the patterns of its arms without a condition, and the default arm. A pattern with a condition does not cover
    // its member.
    private static (SyntaxNode Node, ExpressionSyntax? Governing, IEnumerable<SyntaxNode> Patterns, SyntaxNode? Others) Read(
        SyntaxNode node) => node switch
        {
            SwitchExpressionSyntax expression => (
                node,
                expression.GoverningExpression,
                expression.Arms.Where(static arm => arm.WhenClause == null).Select(static arm => arm.Pattern),
                expression.Arms.LastOrDefault(static arm => arm.WhenClause == null
                    && arm.Pattern is DiscardPatternSyntax or VarPatternSyntax)?.Expression),
            SwitchStatementSyntax statement => (
                node,
                statement.Expression,
                statement.Sections.SelectMany(static section => section.Labels).Select(PatternOf).OfType<SyntaxNode>(),
                statement.Sections.FirstOrDefault(static section =>
                    section.Labels.Any(static label => label is DefaultSwitchLabelSyntax))?.Statements[0]),
            _ => (node, null, [], null),
        };

    private static SyntaxNode? PatternOf(SwitchLabelSyntax label) => label switch
    {
        CaseSwitchLabelSyntax value => value.Value,
        CasePatternSwitchLabelSyntax { WhenClause: null } pattern => pattern.Pattern,
        _ => null,
    };
}
