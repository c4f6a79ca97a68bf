using Microsoft.CodeAnalysis;

namespace Penstock.Generator.ReplaySafety;

/// <summary>What names in code mean. Each file is bound at its first name.</summary>
internal sealed class BoundNames(Compilation compilation)
{
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];

    public ISymbol? SymbolOf(SyntaxNode node)
    {
        if (!_models.TryGetValue(node.SyntaxTree, out var model))
        {
            _models.Add(node.SyntaxTree, model = compilation.GetSemanticModel(node.SyntaxTree));
        }

        return model.GetSymbolInfo(node).Symbol;
    }
}
