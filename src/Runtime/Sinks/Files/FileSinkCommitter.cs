using Penstock.Files;

namespace Penstock.Sinks.Files;

/// <summary>Makes the part files of complete checkpoints visible, and deletes those of checkpoints that a restore does not know.</summary>
internal sealed class FileSinkCommitter(IFileSystem files, PartNames names) : ISinkCommitter
{
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
        var isChanged = false;
        foreach (var bytes in prepared)
        {
            foreach (var part in PreparedParts.Read(bytes))
            {
                Commit(part, checkpoint);
                isChanged = true;
            }
        }

        // Also when every part had its name already: the process may have died between a rename and this.
        if (isChanged)
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

    private void Commit(PreparedPart part, long checkpoint)
    {
        if (!names.IsVisible(part.Name, out var named) || named != checkpoint)
        {
            throw new PipelineException(
                $"Checkpoint {checkpoint} holds the part file '{part.Name}', which is not of this sink ('{names.Visible(0, checkpoint, 0)}' would be). Was the path of the sink changed? Change it back, or start without the checkpoint.");
        }

        var temporary = names.TemporaryPathOf(part.Name);
        var visible = names.PathOf(part.Name);
        if (!files.FileExists(temporary))
        {
            if (files.FileExists(visible))
            {
                return;
            }

            throw new PipelineException(
                $"The part file '{visible}' of checkpoint {checkpoint} is gone, and so is its temporary file '{temporary}'. Something else deleted it: its rows are lost unless it is put back. Restore it, or start from an older checkpoint.");
        }

        long length;
        using (var file = files.OpenRead(temporary))
        {
            length = file.Length;
        }

        if (length != part.Length)
        {
            throw new PipelineException(
                $"The temporary file '{temporary}' has {length} bytes, but checkpoint {checkpoint} was taken when it had {part.Length}. Something else changed it. Start from an older checkpoint.");
        }

        files.Rename(temporary, visible);
    }
}
