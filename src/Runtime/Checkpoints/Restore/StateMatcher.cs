using Penstock.Generator.Schemas;
using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>Compares the state in a checkpoint with the program that is to resume from it.</summary>
internal sealed class StateMatcher
{
    private readonly PipelinePlan _plan;
    private readonly Dictionary<string, IStatePart> _parts;
    private readonly Dictionary<string, string> _saved = [];
    private readonly string? _mixed;

    /// <summary>Prepares the comparison.</summary>
    /// <param name="plan">The plan of the program.</param>
    /// <param name="parts">The state parts of the program, of any or all subtasks.</param>
    /// <param name="manifest">The checkpoint.</param>
    public StateMatcher(PipelinePlan plan, IEnumerable<IStatePart> parts, Manifest manifest)
    {
        _plan = plan;
        _parts = parts.DistinctBy(part => part.Id).ToDictionary(part => part.Id);

        // The first checkpoint after a start contains the whole state, so that no chain contains files of two programs.
        foreach (var section in manifest.State.SelectMany(subtask => subtask.Pieces).SelectMany(piece => piece.Sections))
        {
            if (!_saved.TryAdd(section.Id, section.Schema) && _saved[section.Id] != section.Schema)
            {
                _mixed = section.Id;
            }
        }
    }

    /// <summary>Returns the reason why the checkpoint cannot be restored, with the remedy, or null if it can.</summary>
    public string? FindProblem() => _mixed != null
        ? $"its files contain state of '{_mixed}' with different schemas. Restore its original files"
        : _saved.Select(section => FindProblem(section.Key, section.Value)).FirstOrDefault(reason => reason != null) ?? FindStateMove();

    /// <summary>Returns the id of the part that receives the state saved under an id, or the same id if no part does.</summary>
    public string TargetOf(string saved) => _parts.ContainsKey(saved)
        ? saved
        : _parts.Values.FirstOrDefault(part => part.FormerIds.Contains(saved) && !_saved.ContainsKey(part.Id))?.Id ?? saved;

    private string? FindProblem(string id, string schema)
    {
        if (_parts.TryGetValue(TargetOf(id), out var part))
        {
            return schema == part.Schema ? null : FindProblem(part, schema);
        }

        if (IsRemovedState(id, schema))
        {
            return null;
        }

        var owner = StateId.OwnerOf(id, Parse(id, schema), _plan.Nodes.Select(node => node.Id));
        return $"it contains state of '{owner}', which the pipeline no longer has. Give the stream that continues it Id = "
            + $"\"{owner}\", drop its state with [RemovedState(\"{owner}\")] on the pipeline";
    }

    private string? FindProblem(IStatePart part, string schema)
    {
        var match = SchemaMatch.Of(Parse(part.Id, schema), StateSchema.Parse(part.AcceptedSchema));
        return match.Refusals.Count == 0
            ? null
            : $"the state of '{part.Id}' cannot be restored, because "
                + $"{match.Refusals[0].Description}. {RemedyOf(match.Refusals[0], part.Id)}";
    }

    private string? FindStateMove()
    {
        var saved = _saved.ToDictionary(section => section.Key, section => Parse(section.Key, section.Value));
        var now = _parts.ToDictionary(part => part.Key, part => StateSchema.Parse(part.Value.Schema));
        return _plan.Nodes.Select(node => node.Id).Where(owner => !StateId.IsOf(owner, _plan.RemovedState))
            .Select(owner => StateKindChanges.Find(saved, now, owner) is { } move
                ? $"the state of '{owner}' cannot be restored, because {move.Description}. Change it back, give the state another name so "
                    + $"that it starts empty"
                : null)
            .FirstOrDefault(reason => reason != null);
    }

    /// <summary>Reads the schema of a saved part.</summary>
    /// <exception cref="CheckpointRefusedException">The schema is not valid.</exception>
    internal static StateSchema Parse(string id, string schema)
    {
        try
        {
            return StateSchema.Parse(schema);
        }
        catch (FormatException error)
        {
            throw new CheckpointRefusedException(
                ErrorCodes.NewerRelease,
                $"The state of '{id}' was saved with a schema that this release of Penstock does not know: "
                    + $"{error.Message} Run the release that wrote the checkpoint or a newer one.");
        }
    }

    private string RemedyOf(Refusal refusal, string id)
    {
        if (refusal.Subject == RefusalSubject.Field)
        {
            return "Change it back, convert it with a [StateUpgrade] method";
        }

        var owner = StateId.OwnerOf(id, _plan.Nodes.Select(node => node.Id));
        return id == owner
            ? $"Change it back, give the changed operator another Id and drop the old state with [RemovedState(\"{id}\")]"
            : "Change it back, give the state another name";
    }

    private bool IsRemovedState(string id, string schema) =>
        StateId.IsOf(id, _plan.RemovedState) || StateId.IsRemovedField(
            id,
            Parse(id, schema),
            _plan.Nodes.Where(node => node.Kind == PlanNodeKind.Operator && node.Key != null).Select(node => node.Id));
}
