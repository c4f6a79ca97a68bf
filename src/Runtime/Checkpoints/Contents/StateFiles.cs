using Penstock.Connectors;
using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>
/// The state files of subtasks, one for each checkpoint and node, with the whole state or its changes since the previous checkpoint. A
/// manifest lists the files that together are its state.
/// </summary>
internal sealed class StateFiles(ICheckpointStorage storage)
{
    private readonly BlockPool _blocks = new();

    /// <summary>The location of the storage, for messages.</summary>
    public string Location => storage.Location;

    /// <summary>Writes frozen state durably.</summary>
    /// <param name="name">The name of the file.</param>
    /// <param name="snapshots">The frozen state of the subtasks.</param>
    /// <returns>The file with its contents; the number of the file is 0.</returns>
    public (StateFile File, List<SubtaskState> State) Write(string name, IEnumerable<SubtaskSnapshot> snapshots)
    {
        using var file = storage.Create(name);
        using var stream = new StateStream(file, _blocks);
        var state = snapshots.Select(snapshot => Write(stream, snapshot)).ToList();
        stream.Complete();
        return (new StateFile(name, stream.Length), state);
    }

    /// <summary>Reads the whole state of a checkpoint and verifies its checksums.</summary>
    /// <exception cref="DamagedCheckpointException">A file is damaged or missing.</exception>
    public void Verify(Manifest manifest)
    {
        foreach (var subtask in manifest.State)
        {
            foreach (var piece in subtask.Pieces)
            {
                using var blocks = Read(manifest, subtask, piece, new bool[piece.Checksums.Count]);
                blocks.ReadRest();
            }
        }
    }

    /// <summary>Copies a file to another storage durably.</summary>
    public void CopyTo(StateFile state, ICheckpointStorage place, string name, CancellationToken stop)
    {
        using var from = storage.OpenRead(state.Name);
        using var to = place.Create(name);
        var block = _blocks.Rent(BlockPool.BlockSize);
        for (var copied = 0L; copied < state.Length;)
        {
            stop.ThrowIfCancellationRequested();
            var count = from.Read(copied, block);
            if (count == 0)
            {
                throw new DamagedCheckpointException($"'{storage.Location}/{state.Name}' has {copied} bytes instead of {state.Length}.");
            }

            to.Append(block.AsSpan(0, count));
            copied += count;
        }

        _blocks.Return(block);
        to.Sync();
    }

    /// <summary>Opens a piece of the state of a subtask, which is verified block by block as it is read.</summary>
    /// <param name="manifest">The checkpoint.</param>
    /// <param name="subtask">The subtask.</param>
    /// <param name="piece">The piece.</param>
    /// <param name="verified">The blocks of the piece that have been read by any subtask.</param>
    /// <exception cref="DamagedCheckpointException">The file is missing or has another length.</exception>
    public StateBlocks Read(Manifest manifest, SubtaskState subtask, StatePiece piece, bool[] verified)
    {
        var state = manifest.Files[piece.File];
        var path = $"{storage.Location}/{state.Name}";
        IReadableFile file;
        try
        {
            file = storage.OpenRead(state.Name);
        }
        catch (FileNotFoundException)
        {
            throw new DamagedCheckpointException($"'{path}' is missing.");
        }

        if (file.Length == state.Length)
        {
            return new StateBlocks(file, subtask, piece, path, _blocks, verified);
        }

        using (file)
        {
            throw new DamagedCheckpointException($"'{path}' has {file.Length} bytes instead of {state.Length}.");
        }
    }

    private static SubtaskState Write(StateStream stream, SubtaskSnapshot snapshot)
    {
        var offset = stream.Length;
        var sections = new List<StateSection>();
        foreach (var part in snapshot.Parts)
        {
            var start = stream.Length;
            part.State.Write(stream);
            sections.Add(new StateSection(part.Id, part.Schema, start - offset, stream.Length - start, part.KeyGroups));
        }

        return new SubtaskState(
            snapshot.Task,
            snapshot.Subtask,
            [new StatePiece(0, offset, stream.Length - offset, stream.EndPiece(), sections)]);
    }
}
