using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>
/// Emits the statements that read values from <c>reader</c> into local variables: the mirror of <see cref="WriteEmitter"/>.
/// </summary>
internal sealed class ReadEmitter(CodeWriter code, CodecMethods methods, IEnumerable<string> taken)
{
    private readonly Names _names = new(taken.Concat(["reader"]));
    private readonly List<string> _run = [];

    /// <summary>The static class that calls the codec of a value.</summary>
    public static string CodecOf(ValueModel value) => value.Kind == ValueKind.Packable
        ? $"global::Penstock.State.PackableCodec<{value.Type}>"
        : $"global::Penstock.State.ValueCodec<{value.Codec}, {value.Type}>";

    /// <summary>Reads values.</summary>
    /// <returns>For each, an expression of local variables.</returns>
    public IReadOnlyList<string> Read(IEnumerable<(ValueModel Value, string Name)> values)
    {
        var results = values.Select(value => Add(value.Value, value.Name)).ToList();
        Flush();
        return results;
    }

    /// <summary>Reads a value that is the last one.</summary>
    /// <returns>An expression to be used once: local variables, or the call that reads the value.</returns>
    public string ReadLast(ValueModel value, string name) => IsCall(value) ? Call(value) : Read([(value, name)])[0];

    private string Add(ValueModel value, string wish)
    {
        switch (value.Kind)
        {
            case ValueKind.Nullable when value.IsFixed:
                var flag = Take("bool", "has" + Identifier.Pascal(wish));
                return $"{flag} ? {Add(value.Parts[0], wish)} : default({value.Type})";
            case ValueKind.Nullable:
                return ReadNullable(value, wish);
            case ValueKind.Tuple:
                return $"new {value.Type}({string.Join(", ", value.Parts.Select((part, i) => Add(part, $"{wish}Item{i + 1}")).ToList())})";
            case ValueKind.Enum:
                return $"({value.Type}){Take($"{value.Parts[0].Type}", wish)}";
            case ValueKind.DateTime:
                return $"global::System.DateTime.FromBinary({Take("long", wish)})";
            case ValueKind.DateTimeOffset:
                return $"new global::System.DateTimeOffset({Take("long", wish)}, new global::System.TimeSpan({Take("long", wish + "Offset")}))";
            case ValueKind.DateOnly:
                return $"global::System.DateOnly.FromDayNumber({Take("int", wish)})";
            case ValueKind.TimeOnly or ValueKind.TimeSpan:
                return $"new {value.Type}({Take("long", wish)})";
            case <= ValueKind.Enum and not ValueKind.String:
                return Take($"{value.Type}", wish);
            default:
                Flush();
                var name = Name(wish);
                code.Line($"var {name} = {Call(value)};");
                return name;
        }
    }

    private string ReadNullable(ValueModel value, string wish)
    {
        var flag = Take("bool", "has" + Identifier.Pascal(wish));
        Flush();
        var name = Name(wish);
        code.Line($"var {name} = default({value.Type});");
        using (code.Braces($"if ({flag})"))
        {
            var part = value.Parts[0];
            var read = IsCall(part) ? Call(part) : Add(part, wish + "Value");
            Flush();
            code.Line($"{name} = {read};");
        }

        code.Line();
        return name;
    }

    /// <summary>Whether a single call reads a value, and no part of it is read together with its neighbours.</summary>
    public static bool IsCall(ValueModel value) =>
        value.Kind is ValueKind.String or > ValueKind.Enum and not (ValueKind.Nullable or ValueKind.Tuple);

    private string Call(ValueModel value) => value.Kind switch
    {
        ValueKind.String => methods.HasCompactText ? "global::Penstock.Streams.CompactText.Read(ref reader)" : "reader.ReadString()",
        ValueKind.Bytes => "reader.ReadUnmanagedArray<byte>()",
        ValueKind.Packable or ValueKind.Codec => $"{CodecOf(value)}.Read(ref reader)",
        _ => $"{methods.Read(value)}(ref reader)",
    };

    private string Take(string type, string wish)
    {
        var name = Name(wish);
        _run.Add($"out {type} {name}");
        return name;
    }

    private string Name(string wish) => Identifier.Escape(_names.Take(Identifier.Camel(wish)));

    private void Flush()
    {
        for (var from = 0; from < _run.Count; from += WriteEmitter.MaxRunLength)
        {
            code.Line($"reader.ReadUnmanaged({string.Join(", ", _run.Skip(from).Take(WriteEmitter.MaxRunLength))});");
        }

        _run.Clear();
    }
}
