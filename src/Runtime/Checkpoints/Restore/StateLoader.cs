using System.Buffers;
using System.Runtime.ExceptionServices;
using Penstock.State;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Checkpoints;

/// <summary>Statistics of the state that a subtask has read from a checkpoint.</summary>
/// <param name="Task">The task of the subtask.</param>
/// <param name="Subtask">The index of the subtask.</param>
/// <param name="Sections">The number of sections read, some of them possibly not to their end.</param>
/// <param name="Bytes">The number of bytes read from files.</param>
internal sealed record LoadedSubtask(string Task, int Subtask, int Sections, long Bytes);

/// <summary>
/// Loads the state of a checkpoint into the subtasks of a node, several at a time. Each subtask reads only the sections that contain some
/// of its key groups or are not keyed; a template reads only those that are not keyed.
/// </summary>
/// <param name="subtasks">The subtasks.</param>
/// <param name="matcher">Determines which part receives a section.</param>
/// <param name="manifest">The checkpoint.</param>
/// <param name="files">The files of the checkpoint.</param>
internal sealed class StateLoader(IReadOnlyList<Subtask> subtasks, StateMatcher matcher, Manifest manifest, StateFiles files)
{
    private readonly Dictionary<StatePiece, bool[]> _verified = new(
        manifest.State
            .SelectMany(static subtask => subtask.Pieces)
            .Select(static piece => KeyValuePair.Create(piece, new bool[piece.Checksums.Count])), ReferenceEqualityComparer.Instance);

    /// <summary>The placement of the node. One of the nodes verifies the sections that no subtask reads.</summary>
    public Placement Placement { private get; init; } = Placement.SingleNode;

    /// <summary>
    /// Loads the state, and verifies every byte of the checkpoint, including those that no subtask reads; all nodes together.
    /// </summary>
    /// <param name="background">Runs the work.</param>
    /// <returns>The statistics of each subtask.</returns>
    /// <exception cref="DamagedCheckpointException">A file is damaged. The loaded state must be discarded.</exception>
    /// <exception cref="CheckpointRefusedException">A part cannot restore the saved state.</exception>
    public async Task<IReadOnlyList<LoadedSubtask>> LoadAsync(IBackground background)
    {
        var loaded = new LoadedSubtask[subtasks.Count];
        await ForEachAsync(background, subtasks.Count, index => loaded[index] = Load(subtasks[index]));
        List<SubtaskState> verified = [.. manifest.State.Where((_, index) => index % Placement.Nodes == Placement.Node)];
        await ForEachAsync(background, verified.Count, index => VerifyRest(verified[index]));
        return loaded;
    }

    // As many at a time as there are threads. Of several errors, a damaged checkpoint takes precedence, since then nothing else that was
    // read can be trusted.
    private static async Task ForEachAsync(IBackground background, int count, Action<int> work)
    {
        var next = -1;
        var errors = new Exception?[count];
        await Task.WhenAll(Enumerable.Range(0, Math.Min(count, background.Threads)).Select(_ => background.Run(() =>
        {
            for (int index; (index = Interlocked.Increment(ref next)) < count;)
            {
                try
                {
                    work(index);
                }
                catch (Exception error)
                {
                    errors[index] = error;
                }
            }
        })));
        if (errors.OfType<Exception>().OrderByDescending(static error => error is DamagedCheckpointException).FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private LoadedSubtask Load(Subtask subtask)
    {
        var (sections, bytes) = (0, 0L);
        List<IStatePart> parts = [.. subtask.StateParts.Where(part => part.KeyGroups == null || !subtask.Context.IsTemplate)];
        foreach (var saved in manifest.State)
        {
            var writer = WriterOf(saved);
            var taken = saved.Pieces[^1].Sections.SelectMany(section => parts
                .Where(part => part.Id == matcher.TargetOf(section.Id))
                .Select(part => (Section: section, Part: part)))
                .Where(taken => IsRead(taken.Section, taken.Part, writer)).ToList();
            if (taken.Count > 0)
            {
                sections += taken.Count;
                bytes += Load(subtask, saved, writer, taken);
            }
        }

        return new LoadedSubtask(subtask.Context.TaskId, subtask.Context.Subtask, sections, bytes);
    }

    private long Load(Subtask subtask, SubtaskState saved, KeyRange writer, List<(StateSection Section, IStatePart Part)> taken)
    {
        var opened = new List<StateBlocks>();
        try
        {
            saved.Pieces.ForEach(piece => opened.Add(files.Read(manifest, saved, piece, _verified[piece])));
            foreach (var (section, part) in taken)
            {
                var pieces = saved.Pieces.Select((piece, index) => SectionOf(opened[index].Sequence, piece, section.Id)).ToList();
                if (HasKeysOf(part, writer))
                {
                    Restore(subtask, part, section.Schema, writer, pieces);
                }
                else
                {
                    part.RestoreHead(pieces[^1]);
                }
            }

            return opened.Sum(static blocks => blocks.BytesRead);
        }
        finally
        {
            opened.ForEach(static blocks => blocks.Dispose());
        }
    }

    private void Restore(Subtask subtask, IStatePart part, string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> pieces)
    {
        try
        {
            part.Restore(schema, writer, pieces);
        }
        catch (StateRefusedException error)
        {
            throw new CheckpointRefusedException(
                error.Code,
                $"Checkpoint {manifest.Id} of pipeline '{subtask.Context.PipelineName}' cannot be restored: the state of "
                    + $"'{error.Place ?? part.Id}' {error.Message} Nothing has been changed.",
                error.InnerException);
        }
    }

    // Without a secret, some decimals were in other groups: each part searches the state of all subtasks for its keys.
    private KeyRange WriterOf(SubtaskState saved) => manifest.Secret == null
        ? new KeyRange(0, 1, manifest.KeyGroups) { HasSignedZeros = true }
        : new KeyRange(saved.Subtask, manifest.Subtasks[saved.Task], manifest.KeyGroups);

    private bool IsRead(StateSection section, IStatePart part, KeyRange writer) => section.KeyGroups == null || part.KeyGroups != null
        ? HasKeysOf(part, writer) || part.HasHead
        : throw new DamagedCheckpointException($"Checkpoint {manifest.Id} contains keyed state for '{section.Id}', which is not keyed.");

    private static bool HasKeysOf(IStatePart part, KeyRange writer) => part.KeyGroups?.Meets(writer.Groups) != false;

    private static ReadOnlySequence<byte> SectionOf(ReadOnlySequence<byte> bytes, StatePiece piece, string id)
    {
        var section = piece.Sections.Single(section => section.Id == id);
        return bytes.Slice(section.Offset, section.Length);
    }

    private void VerifyRest(SubtaskState saved)
    {
        foreach (var piece in saved.Pieces.Where(piece => piece.Checksums.Count == 0 || _verified[piece].Contains(false)))
        {
            using var blocks = files.Read(manifest, saved, piece, _verified[piece]);
            blocks.ReadRest();
        }
    }
}
