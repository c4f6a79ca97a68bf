using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>The key of an operator without a key: all rows have the same, so one subtask gets all of them.</summary>
/// <typeparam name="TRow">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NoKey<TRow> : IRowKey<NoKey<TRow>, TRow>
{
    /// <inheritdoc/>
    public static string Schema => "none";

    /// <inheritdoc/>
    public static NoKey<TRow> Of(in TRow row) => default;

    /// <inheritdoc/>
    public static ulong Hash(NoKey<TRow> key, ulong secret) => 0;

    /// <inheritdoc/>
    public static int Compare(NoKey<TRow> left, NoKey<TRow> right) => 0;

    /// <inheritdoc/>
    public static bool Equals(NoKey<TRow> left, NoKey<TRow> right) => true;

    /// <inheritdoc/>
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, NoKey<TRow> key)
        where TBuffer : class, IBufferWriter<byte>
    {
        // There is nothing to write.
    }

    /// <inheritdoc/>
    public static NoKey<TRow> Read(ref MemoryPackReader reader) => default;

    /// <summary>Returns the key as text.</summary>
    /// <returns>An empty string.</returns>
    public override string ToString() => "";
}
