using Penstock.Generator.Equality;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>The objects, lists and dictionaries in a row, each once, with the names of the methods that read or write them.</summary>
internal sealed class TreeMethods
{
    private readonly Dictionary<string, NestedRow> _types;
    private readonly Dictionary<ColumnModel, string> _suffixes = [];
    private readonly List<ColumnModel> _values = [];
    private readonly HashSet<ColumnModel> _nullable = [];
    private readonly Dictionary<(ColumnModel Value, string Nested), string> _variants = [];
    private readonly Names _names;
    private readonly Func<ColumnModel, ColumnModel> _kind;
    private readonly bool _isWritten;

    /// <param name="row">The row.</param>
    /// <param name="isWritten">Whether they are written. Then all columns are included, and nullable and other values share one
    /// method.</param>
    public TreeMethods(RowModel row, bool isWritten)
    {
        _types = row.Nested.ToDictionary(static type => type.Id);
        _names = new Names([]);
        _isWritten = isWritten;
        _kind = isWritten ? Written : Read;
        Root = _names.Take(Identifier.Pascal(row.Name));
        foreach (var (column, _) in row.InText.Where(item => isWritten || item.Column.IsRead))
        {
            Add(column);
        }
    }

    /// <summary>The suffix of the method for the row itself.</summary>
    public string Root { get; }

    /// <summary>The values that have a method, each before the values inside it.</summary>
    public IReadOnlyList<ColumnModel> Values => _values;

    /// <summary>The suffix of the method for a value.</summary>
    public string Of(ColumnModel value) => _suffixes[_kind(value)];

    /// <summary>The suffix of the method that writes an object as one of the types that it may have.</summary>
    public string VariantOf(ColumnModel value, string nested) => _variants[(_kind(value), nested)];

    /// <summary>Whether null is among the values that a method writes.</summary>
    public bool MayBeNull(ColumnModel value) => _nullable.Contains(_kind(value));

    /// <summary>The members of the objects of a tree.</summary>
    public RowModel TypeOf(TreeModel tree) => _types[tree.Nested!].Row;

    /// <summary>The type discriminator of the objects of a tree; null if they have only one type.</summary>
    public ChoiceModel? ChoiceOf(TreeModel tree) => tree.Nested == null ? null : _types[tree.Nested].Choice;

    /// <summary>An object of a type, as a value.</summary>
    public static ColumnModel ObjectOf(TypeName type, string nested) =>
        new(
            "",
            "",
            ColumnKind.Tree,
            false,
            type,
            null,
            true,
            EquatableArray<string>.Empty)
        { Tree = new TreeModel(TreeKind.Object, type, false) { Nested = nested } };

    /// <summary>The members of a type.</summary>
    public RowModel TypeOf(string nested) => _types[nested].Row;

    /// <summary>The same value as not nullable.</summary>
    public static ColumnModel NonNullable(ColumnModel value) => value with { Nullable = false, Type = value.Type.WithoutNull };

    private static ColumnModel Read(ColumnModel value) =>
        new("", "", value.Kind, value.Nullable, value.Type, null, true, EquatableArray<string>.Empty) { Tree = value.Tree };

    // Nullable and other references share a method.
    private static ColumnModel Written(ColumnModel value) => value.Tree is { IsValue: false } ? NonNullable(Read(value)) : Read(value);

    private void Add(ColumnModel column)
    {
        var value = _kind(column);
        if (column.Nullable)
        {
            _nullable.Add(value);
        }

        if (column.Tree is not { Kind: not TreeKind.Element } tree || _suffixes.ContainsKey(value))
        {
            return;
        }

        _suffixes.Add(value, _names.Take(NameOf(value)));
        _values.Add(value);
        if (value.Nullable)
        {
            Add(NonNullable(value));
        }
        else if (tree.Item != null)
        {
            Add(tree.Item);
        }
        else if (ChoiceOf(tree) is { } choice)
        {
            AddChoice(value, choice);
        }
        else
        {
            AddMembers(TypeOf(tree));
        }
    }

    // A variant is read by its own type. When it is written, the discriminator is one of its members.
    private void AddChoice(ColumnModel value, ChoiceModel choice)
    {
        foreach (var (type, nested) in choice.Variants
            .Select(static variant => (variant.Type, variant.Nested))
            .Concat(choice.Base == null ? [] : [(value.Tree!.Type, choice.Base)]))
        {
            if (_isWritten)
            {
                if (!_variants.ContainsKey((value, nested)))
                {
                    _variants.Add((value, nested), _names.Take($"{_suffixes[value]}As{VariantName(value, type, nested)}"));
                }

                AddMembers(TypeOf(nested));
            }
            else
            {
                Add(ObjectOf(type, nested));
            }
        }
    }

    private string VariantName(ColumnModel value, TypeName type, string nested) =>
        type == value.Tree!.Type ? "Itself" : Identifier.Pascal(TypeOf(nested).Name);

    private void AddMembers(RowModel type)
    {
        foreach (var (member, _) in type.InText.Where(static item => item.Column.IsRead))
        {
            Add(member);
        }
    }

    private string NameOf(ColumnModel value) => (value.Nullable ? "Nullable" : "") + (value.Tree switch
    {
        null => value.Kind.ToString(),
        { Kind: TreeKind.Object } tree => Identifier.Pascal(TypeOf(tree).Name),
        { Item: { } item } tree => $"{tree.Kind}Of{NameOf(item)}",
        _ => "Json",
    });
}
