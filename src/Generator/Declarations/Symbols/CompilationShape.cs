using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Everything in a program on which declarations can depend: its references, and its syntax without those method bodies that no declaration
/// examines. Typing inside such a body does not change the shape.
/// </summary>
internal sealed class CompilationShape
{
    private static readonly ConditionalWeakTable<Compilation, CompilationShape> OfCompilations = new();
    private static readonly ConditionalWeakTable<SyntaxTree, TreeShape> OfTrees = new();

    private readonly CompilationOptions _options;
    private readonly string? _assembly;
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly ImmutableArray<TreeShape> _trees;

    private CompilationShape(Compilation compilation)
    {
        _options = compilation.Options;
        _assembly = compilation.AssemblyName;
        _references = [.. compilation.References];
        _trees = [.. compilation.SyntaxTrees.Select(static tree => OfTrees.GetValue(tree, static tree => TreeShape.Of(tree)))];
    }

    public static CompilationShape Of(Compilation compilation) =>
        OfCompilations.GetValue(compilation, static compilation => new CompilationShape(compilation));

    /// <summary>Whether a <c>using</c> alias gives another name to one of the attributes, so that any name may refer to it.</summary>
    public bool HasAliases => _trees.Any(static tree => tree.HasAliases);

    /// <summary>Whether an edit of some code changes the shape.</summary>
    public static bool IsSeen(SyntaxNode code) => !code.AncestorsAndSelf().Any(TreeShape.IsOpaque);

    public bool IsSameAs(CompilationShape other) => ReferenceEquals(this, other)
        || (_assembly == other._assembly
            && _options.Equals(other._options)
            && _references.SequenceEqual(other._references)
            && _trees.SequenceEqual(other._trees));

    /// <summary>The shape of a file: two independent hashes of 64 bits over its tokens and directives.</summary>
    private sealed record TreeShape(string Path, ulong First, ulong Second, bool HasAliases)
    {
        public static TreeShape Of(SyntaxTree tree)
        {
            var root = tree.GetRoot();
            var first = 14695981039346656037UL;
            var second = 0x9E3779B97F4A7C15UL;
            foreach (var part in root.DescendantNodesAndTokens(static node => !IsOpaque(node)))
            {
                if (part.IsToken)
                {
                    Add(part.RawKind, part.AsToken().Text);
                }
                else if (IsOpaque(part.AsNode()!))
                {
                    Add(part.RawKind, "");
                }
            }

            for (var directive = root.GetFirstDirective(); directive != null; directive = directive.GetNextDirective())
            {
                Add(directive.RawKind, directive.ToString());
            }

            return new TreeShape(tree.FilePath, first, second, HasTypeAlias(root));

            void Add(int kind, string text)
            {
                unchecked
                {
                    first = (first ^ (uint)kind) * 1099511628211UL;
                    second = (second + (uint)kind) * 0xD1B54A32D192ED03UL;
                    foreach (var character in text)
                    {
                        first = (first ^ character) * 1099511628211UL;
                        second = ((second << 7) | (second >> 57)) + character * 0xBF58476D1CE4E5B9UL;
                    }
                }
            }
        }

        private static bool HasTypeAlias(
            SyntaxNode root) => root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Any(static node => node is UsingDirectiveSyntax { Alias: not null } alias && IsOurs(alias.NamespaceOrType.ToString()));

        private static bool IsOurs(string name) => name.Contains("Pipeline") || name.Contains("Operator");

        // The body of a method of a class can be ignored, unless an attribute on a type around it could make it the behaviour of an
        // operator, or the method has an attribute and is in another part of such a type. For rows, declarations examine all code that
        // computes a member: properties and constructors of all types, and methods of records and structs.
        public static bool IsOpaque(SyntaxNode node) =>
            node is BlockSyntax or ArrowExpressionClauseSyntax
            && node.Parent is BaseMethodDeclarationSyntax and not ConstructorDeclarationSyntax
            && node.Parent.Parent is not (RecordDeclarationSyntax or StructDeclarationSyntax)
            && !node.Ancestors().Any(static outer => outer is BaseTypeDeclarationSyntax { AttributeLists.Count: > 0 })
            && !(node.Parent is MethodDeclarationSyntax { AttributeLists.Count: > 0 }
                && node.Parent.Parent is TypeDeclarationSyntax type && type.Modifiers.Any(SyntaxKind.PartialKeyword));
    }
}
