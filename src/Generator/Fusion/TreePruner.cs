using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>
/// Removes columns of a row, and of the objects inside it, that are not read. If different parts of a type are read in different places, it
/// becomes several types.
/// </summary>
internal sealed class TreePruner(RowModel rows)
{
    private readonly Dictionary<string, NestedRow> _types = rows.Nested.ToDictionary(static type => type.Id);
    private readonly List<string> _order = [];
    private readonly Dictionary<string, NestedRow> _pruned = [];

    public RowModel Prune(RowReads reads)
    {
        var pruned = Prune(rows, reads);
        return pruned with { Nested = _order.Select(id => _pruned[id]).ToEquatableArray() };
    }

    private RowModel Prune(RowModel type, RowReads reads)
    {
        var read = type.ColumnsFor(reads);
        return type with
        {
            Columns = type.Columns.Select(column => read.Contains(column.Member)
                ? column with { IsRead = true, Tree = Prune(column.Tree, read.Inside(column.Member)) }
                : column with { IsRead = false }).ToEquatableArray(),
        };
    }

    private TreeModel? Prune(TreeModel? tree, RowReads reads) => tree switch
    {
        { Nested: { } nested } => tree with { Nested = Add(nested, reads) },
        { Item: { } item } => tree with { Item = item with { Tree = Prune(item.Tree, RowReads.Everything) } },
        _ => tree,
    };

    private ChoiceModel? Prune(ChoiceModel? choice) => choice == null ? null : choice with
    {
        Variants = choice.Variants.Select(variant => variant with { Nested = Add(variant.Nested, RowReads.Everything) }).ToEquatableArray(),
        Base = choice.Base == null ? null : Add(choice.Base, RowReads.Everything),
    };

    // A type may contain itself, so its id is registered before its content is known.
    private string Add(string nested, RowReads reads)
    {
        var type = _types[nested];
        if (type.Choice != null)
        {
            // The paths may mean something else in a variant, so everything is kept.
            reads = RowReads.Everything;
        }

        var id = reads.All ? nested : $"{nested} {string.Join(" ", reads.Paths)}";
        if (!_order.Contains(id))
        {
            _order.Add(id);
            _pruned.Add(id, type with { Id = id, Row = Prune(type.Row, reads), Choice = Prune(type.Choice) });
        }

        return id;
    }
}
