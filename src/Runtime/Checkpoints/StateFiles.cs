using Penstock.Files;
using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>
/// The files with the state of all subtasks, one for each checkpoint: all of it, or what has changed since the checkpoint before. A
/// manifest names those that together are its state.
/// </summary>
internal sealed class StateFiles(ICheckpointStorage storage, Func<long, string> nameOf)
{
    private readonly BlockPool _blocks = new();

    /// <summary>The place, for messages.</summary>
    public string Location => storage.Location;

    /// <summary>Writes frozen state, durably.</summary>
    /// <param name="id">The checkpoint.</param>
    /// <param name="isWhole">Whether it is all of the state.</param>
    /// <param name="snapshots">What the subtasks froze.</param>
    /// <returns>What is in the file.</returns>
    public StateFile Write(long id, bool isWhole, IEnumerable<SubtaskSnapshot> snapshots)
    {
        using var file = storage.Create(nameOf(id));
        using var stream = new StateStream(file, _blocks);
        var subtasks = snapshots.Select(snapshot => Write(stream, snapshot)).ToList();
        stream.Complete();
        return new StateFile(id, isWhole, stream.Length, subtasks);
    }

    /// <summary>Reads every byte of a file and compares it with its checksum.</summary>
    /// <exception cref="DamagedCheckpointException">The file is damaged or missing.</exception>
    public void Verify(StateFile state)
    {
        foreach (var subtask in state.Subtasks)
        {
            using var blocks = Read(state, subtask);
            blocks.ReadRest();
        }
    }

    /// <summary>Copies a file to another place, durably.</summary>
    public void CopyTo(StateFile state, ICheckpointStorage place, string name, CancellationToken stop)
    {
        using var from = storage.OpenRead(nameOf(state.Id));
        using var to = place.Create(name);
        var block = _blocks.Rent(BlockPool.BlockSize);
        for (var copied = 0L; copied < state.Length;)
        {
            stop.ThrowIfCancellationRequested();
            var count = from.Read(copied, block);
            if (count == 0)
            {
                throw new DamagedCheckpointException($"'{storage.Location}/{nameOf(state.Id)}' has {copied} bytes instead of {state.Length}.");
            }

            to.Append(block.AsSpan(0, count));
            copied += count;
        }

        _blocks.Return(block);
        to.Sync();
    }

    /// <summary>Opens the state of one subtask, to be read and verified block by block.</summary>
    /// <exception cref="DamagedCheckpointException">The file is missing, or has another length.</exception>
    public StateBlocks Read(StateFile state, SubtaskState subtask)
    {
        var path = $"{storage.Location}/{nameOf(state.Id)}";
        IReadableFile file;
        try
        {
            file = storage.OpenRead(nameOf(state.Id));
        }
        catch (FileNotFoundException)
        {
            throw new DamagedCheckpointException($"'{path}' is missing.");
        }

        if (file.Length == state.Length)
        {
            return new StateBlocks(file, subtask, path, _blocks);
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
            sections.Add(new StateSection(part.Id, part.Schema, start - offset, stream.Length - start));
        }

        return new SubtaskState(snapshot.Task, snapshot.Subtask, offset, stream.Length - offset, stream.EndPiece(), sections);
    }
}
