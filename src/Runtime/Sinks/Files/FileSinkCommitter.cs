using Penstock.Connectors;
namespace Penstock.Sinks.Files;

/// <summary>Makes the part files of complete checkpoints visible, and deletes those that are not part of the restored checkpoint.</summary>
internal sealed class FileSinkCommitter(IPartStore parts, PartNames names) : ISinkCommitter
{
    private readonly PartClaim _claim = new(parts, names);

    public string Place => parts.Place;

    public bool CanRevoke => true;

    public ValueTask ClaimAsync(SinkOwner owner, bool isKnown)
    {
        _claim.Take(owner, isKnown);
        return default;
    }

    public ValueTask ReleaseAsync()
    {
        _claim.GiveUp();
        return default;
    }

    public ValueTask<long?> LastCommittedAsync()
    {
        long last = 0;
        foreach (var name in parts.ListVisible())
        {
            if (names.IsVisible(name, out var checkpoint))
            {
                last = Math.Max(last, checkpoint);
            }
        }

        return new(last);
    }

    public bool CommitsDuringCheckpoints => true;

    public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
    {
        var committed = prepared.SelectMany(bytes => PreparedParts.Read(bytes)).ToList();
        committed.ForEach(part => CheckName(part, checkpoint));
        return parts.CommitAsync(checkpoint, committed, stop);
    }

    public ValueTask RevokeAfterAsync(long checkpoint)
    {
        parts.Delete(
            [.. parts.ListVisible().Where(name => names.IsVisible(name, out var visible) && visible > checkpoint)],
            [.. parts.ListHidden().Where(name => names.IsVisible(name, out _))]);
        return default;
    }

    public void Interrupt() => parts.Interrupt();

    public void Dispose() => parts.Dispose();

    // Parts with an earlier number belong to checkpoints that failed.
    private void CheckName(PreparedPart part, long checkpoint)
    {
        if (!names.IsVisible(part.Name, out var named) || named > checkpoint)
        {
            throw new PipelineException(
                ErrorCodes.PartsOfOtherSink,
                $"Checkpoint {checkpoint} holds the part file '{part.Name}', which is not of this sink "
                    + $"('{names.Visible(0, checkpoint, 0)}' would be). Was the path of the sink changed? Change it back, or start over "
                    + $"with an empty checkpoint folder and an empty output.");
        }
    }
}
