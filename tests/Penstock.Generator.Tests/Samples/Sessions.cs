using System.Collections.Immutable;

namespace Sessions;

public readonly record struct Click(string User, string Page, DateTime At, int Millis);

public sealed record Visit(string Page, DateTime At)
{
    public List<int>? Waits { get; init; }
}

public record struct Score(int Count, TimeSpan? Longest);

[StateCodec(typeof(PathCodec))]
public sealed class Path(string text)
{
    private readonly string _text = text;

    public override string ToString() => _text;
}

public readonly struct PathCodec : IValueCodec<Path>
{
    public static string Schema => "path/1";

    public static bool IsMutable => false;

    public static void Write<TBuffer>(ref MemoryPack.MemoryPackWriter<TBuffer> writer, in Path value)
        where TBuffer : class, System.Buffers.IBufferWriter<byte> => writer.WriteString(value.ToString());

    public static Path Read(ref MemoryPack.MemoryPackReader reader) => new(reader.ReadString()!);

    public static Path Detach(Path value) => value;
}

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class Follow
{
    [State] private partial ref int Clicks { get; }
    [State] private partial ref DateTime First { get; }
    [State] private partial ref DateTimeOffset? Last { get; }
    [State] private partial ref Score Best { get; }
    [State] private partial ref Score? Worst { get; }
    [State] private partial ref List<Visit>? Visits { get; }
    [State] private partial ref Dictionary<string, Score>? Pages { get; }
    [State] private partial ref ImmutableHashSet<string>? Seen { get; }
    [State] private partial ref long[]? Hours { get; }
    [State] private partial ref Path? Path { get; }

    [Process]
    private void OnClick(in Click click, ref Output<Click> output)
    {
        Clicks++;
        output.Emit(in click);
    }
}
