using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>
/// Emits the statements that write values to <c>writer</c>. Values are written one by one, never as the memory of a struct, because padding
/// and layout are not a stable format. Adjacent values of fixed size share one call, which requests space once.
/// </summary>
internal sealed class WriteEmitter(CodeWriter code, CodecMethods methods)
{
    /// <summary>The maximum number of values for one call of MemoryPack.</summary>
    public const int MaxRunLength = 15;

    private readonly List<string> _run = [];

    /// <summary>Sets a prefix that is written together with the next value of fixed size.</summary>
    public WriteEmitter Prefix(string expression)
    {
        _run.Add(expression);
        return this;
    }

    public void Write(IEnumerable<(ValueModel Value, string Expression)> values)
    {
        foreach (var (value, expression) in values)
        {
            Add(value, expression);
        }

        Flush();
    }

    private void Add(ValueModel value, string expression)
    {
        switch (value.Kind)
        {
            case ValueKind.Nullable when value.IsFixed:
                _run.Add($"{expression}.HasValue");
                Add(value.Parts[0], $"{expression}.GetValueOrDefault()");
                break;
            case ValueKind.Nullable:
                _run.Add($"{expression}.HasValue");
                Flush();
                using (code.Braces($"if ({expression}.HasValue)"))
                {
                    Add(value.Parts[0], $"{expression}.GetValueOrDefault()");
                    Flush();
                }

                break;
            case ValueKind.Tuple:
                for (var i = 0; i < value.Parts.Count; i++)
                {
                    Add(value.Parts[i], $"{expression}.Item{i + 1}");
                }

                break;
            case ValueKind.Enum:
                _run.Add($"({value.Parts[0].Type}){expression}");
                break;
            case ValueKind.DateTime:
                _run.Add($"{expression}.ToBinary()");
                break;
            case ValueKind.DateTimeOffset:
                _run.Add($"{expression}.Ticks");
                _run.Add($"{expression}.Offset.Ticks");
                break;
            case ValueKind.DateOnly:
                _run.Add($"{expression}.DayNumber");
                break;
            case ValueKind.TimeOnly or ValueKind.TimeSpan:
                _run.Add($"{expression}.Ticks");
                break;
            case <= ValueKind.Enum and not ValueKind.String:
                _run.Add(expression);
                break;
            default:
                Flush();
                code.Line(value.Kind switch
                {
                    ValueKind.String => $"global::Penstock.{(methods.HasCompactText ? "Streams.CompactText" : "State.StateText")}.Write(ref writer, {expression});",
                    ValueKind.Bytes => $"writer.WriteUnmanagedArray({expression});",
                    ValueKind.Packable or ValueKind.Codec => $"{ReadEmitter.CodecOf(value)}.Write(ref writer, {expression});",
                    _ => $"{methods.Write(value)}(ref writer, {expression});",
                });
                break;
        }
    }

    private void Flush()
    {
        for (var from = 0; from < _run.Count; from += MaxRunLength)
        {
            code.Line($"writer.WriteUnmanaged({string.Join(", ", _run.Skip(from).Take(MaxRunLength))});");
        }

        _run.Clear();
    }
}
