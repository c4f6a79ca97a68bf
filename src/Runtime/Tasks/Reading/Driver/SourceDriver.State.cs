using System.Buffers;
using Penstock.Connectors;
using Penstock.Sources;
using Penstock.State;
using Penstock.Telemetry;

namespace Penstock.Tasks;

/// <content>The positions in checkpoints: saved at a barrier, and restored at the start.</content>
internal sealed partial class SourceDriver<T, TTime>
{
    public string Schema => SplitProgressCodec.Schema;

    public IFrozenPart Freeze(bool all)
    {
        List<SavedSplit> saved = [.. _splits.Select(ToSaved)];
        RecordPositions(saved);

        // One subtask keeps them for all, at every parallelism.
        if (Subtask == 0)
        {
            saved.AddRange(_gone);
        }

        return new FrozenBytes(SplitProgressCodec.Write(saved));
    }

    public void Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        _isRestored = true;
        _saved.AddRange(SplitProgressCodec.Read(saved[^1]));
    }

    public void Forget()
    {
        _isRestored = false;
        _saved.Clear();
    }

    // New splits are unexpected in a bounded source, and normal in an unbounded one.
    private void LogAddedSplits(IReadOnlyList<SourceSplit> discovered, bool isFinished)
    {
        if (!_isRestored || isFinished || _streaming != null || _context.Subtask != 0)
        {
            return;
        }

        var known = _saved.Select(static split => split.Id).ToHashSet(StringComparer.Ordinal);
        var added = discovered.Where(split => !known.Contains(split.Id)).ToList();
        if (added.Count > 0)
        {
            _context.Log.SplitsAdded(
                Id,
                added.Count,
                string.Join(", ", added.Take(3).Select(static split => $"'{split.Id}'")) + (added.Count > 3 ? ", …" : ""));
        }
    }

    private byte[] PositionOf(SplitProgress<T> split)
    {
        if (split.Reader == null)
        {
            return split.Position;
        }

        var writer = new ArrayBufferWriter<byte>(64);
        Invoke($"save its position in split '{split.Split.Id}'", () => split.Reader.SavePosition(writer));
        return writer.WrittenSpan.ToArray();
    }

    private SavedSplit ToSaved(SplitProgress<T> split) => new(
        split.Split.Id, split.Split.Fingerprint, split.HasBegun, split.HasEnded, split.MaxTime, split.Watermark, split.HasEnded
            ? []
            : PositionOf(split));
}
