using Penstock.Files;

namespace Penstock.Sinks.Files;

/// <summary>Makes the part files of complete checkpoints visible, and deletes those of checkpoints that a restore does not know.</summary>
internal sealed class FileSinkCommitter(IFileSystem files, PartNames names) : ISinkCommitter
{
    private const int MaxNamed = 10;

    private readonly PartFolderClaim _claim = new(files, names);

    public string Place => names.Path;

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
        foreach (var path in files.List(names.Folder))
        {
            if (names.IsVisible(Path.GetFileName(path), out var checkpoint))
            {
                last = Math.Max(last, checkpoint);
            }
        }

        return new(last);
    }

    public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared)
    {
        // All are looked at before one gets its name: what is refused is left as it was.
        var parts = prepared.SelectMany(bytes => PreparedParts.Read(bytes)).ToList();
        var hidden = parts.FindAll(part => IsHidden(part, checkpoint));
        CheckPresent(parts, checkpoint);
        foreach (var part in hidden)
        {
            CheckLength(part, checkpoint);
        }

        foreach (var part in hidden)
        {
            files.Rename(names.TemporaryPathOf(part.Name), names.PathOf(part.Name));
        }

        // Also when every part had its name already: the process may have died between a rename and this.
        if (parts.Count > 0)
        {
            files.SyncDirectory(names.Folder);
        }

        return default;
    }

    public ValueTask RevokeAfterAsync(long checkpoint)
    {
        var isChanged = false;
        foreach (var path in files.List(names.Folder))
        {
            var name = Path.GetFileName(path);
            if (names.IsTemporary(name) || (names.IsVisible(name, out var visible) && visible > checkpoint))
            {
                files.Delete(path);
                isChanged = true;
            }
        }

        if (isChanged)
        {
            files.SyncDirectory(names.Folder);
        }

        return default;
    }

    public void Dispose() => _claim.Dispose();

    // Parts of an earlier number are those of checkpoints that failed.
    private bool IsHidden(PreparedPart part, long checkpoint) => names.IsVisible(part.Name, out var named) && named <= checkpoint
        ? files.FileExists(names.TemporaryPathOf(part.Name))
        : throw new PipelineException(
            $"Checkpoint {checkpoint} holds the part file '{part.Name}', which is not of this sink ('{names.Visible(0, checkpoint, 0)}' would be). Was the path of the sink changed? Change it back, or start over with an empty checkpoint folder and an empty output.");

    private void CheckPresent(List<PreparedPart> parts, long checkpoint)
    {
        var missing = parts.FindAll(part => !files.FileExists(names.PathOf(part.Name)) && !files.FileExists(names.TemporaryPathOf(part.Name)));
        if (missing.Count > 0)
        {
            var named = string.Join(", ", missing.Take(MaxNamed).Select(part => $"'{part.Name}'")) + (missing.Count > MaxNamed ? $" and {missing.Count - MaxNamed} more" : "");
            throw new PipelineException(
                $"Of the {parts.Count} part files of checkpoint {checkpoint}, from which the job goes on, {missing.Count} are not in '{names.Folder}', neither visible nor hidden: {named}. Was the path of the sink changed? Change it back. Did something move or delete them? Put them back: whether their rows were delivered cannot be told without them. Consumers should copy part files, or wait for later checkpoints before they move any.");
        }
    }

    private void CheckLength(PreparedPart part, long checkpoint)
    {
        var temporary = names.TemporaryPathOf(part.Name);
        using var file = files.OpenRead(temporary);
        if (file.Length != part.Length)
        {
            throw new PipelineException(
                $"The hidden part file '{temporary}' has {file.Length} bytes, but checkpoint {checkpoint} was taken when it had {part.Length}. Something else changed it. Put it back as it was, or start over with an empty checkpoint folder and an empty output.");
        }
    }
}
