using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>
/// The collections and records among some values, each type once, with the names of the methods that write, read and copy them.
/// </summary>
internal sealed class CodecMethods
{
    private readonly Dictionary<TypeName, string> _suffixes = [];
    private readonly List<ValueModel> _values = [];
    private readonly Names _names = new([]);

    private readonly int _written;

    public CodecMethods(IEnumerable<ValueModel> values)
        : this(values, [])
    {
    }

    /// <summary>The methods for values, and for other values that are only read.</summary>
    public CodecMethods(IEnumerable<ValueModel> values, IEnumerable<ValueModel> onlyRead)
    {
        AddAll(values);
        _written = _values.Count;
        AddAll(onlyRead);
    }

    /// <summary>Whether text is written as short as possible: never in checkpoints, whose form of text is that of MemoryPack.</summary>
    public bool HasCompactText { get; init; }

    /// <summary>The collections and records, each before its parts.</summary>
    public IReadOnlyList<ValueModel> Values => _values;

    public bool IsOnlyRead(ValueModel value) => _values.IndexOf(value) >= _written;

    public string Write(ValueModel value) => "Write" + _suffixes[value.Type];

    public string Read(ValueModel value) => "Read" + _suffixes[value.Type];

    public string Detach(ValueModel value) => "Detach" + _suffixes[value.Type];

    public string Field(ValueModel value, DirectField field) => $"{value.Record!.Members[field.Member]}Of{_suffixes[value.Type]}";

    private void AddAll(IEnumerable<ValueModel> values)
    {
        foreach (var value in values)
        {
            Add(value);
        }
    }

    private void Add(ValueModel value)
    {
        if (value.IsComposite)
        {
            if (_suffixes.ContainsKey(value.Type))
            {
                return;
            }

            _suffixes.Add(value.Type, _names.Take(NameOf(value)));
            _values.Add(value);
        }

        foreach (var part in value.Parts)
        {
            Add(part);
        }
    }

    /// <summary>The type of a value as part of a name.</summary>
    public static string NameOf(ValueModel value) => value.Kind switch
    {
        ValueKind.Enum or ValueKind.Record or ValueKind.Packable or ValueKind.Codec => LastName(value.Type),
        _ when value.Parts.Count > 0 => $"{value.Kind}Of{string.Join("And", value.Parts.Select(NameOf))}",
        _ => value.Kind.ToString(),
    };

    // For arrays and keywords, only the letters.
    private static string LastName(TypeName type) =>
        Identifier.Pascal(new string([.. type.LastPart.Where(static character => char.IsLetterOrDigit(character) || character == '_')]));
}
