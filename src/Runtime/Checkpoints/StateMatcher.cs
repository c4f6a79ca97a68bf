using Penstock.Generator.Schemas;
using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>Compares the state in a checkpoint with the program that is to go on with it.</summary>
internal sealed class StateMatcher(PipelinePlan plan, IEnumerable<IStatePart> parts)
{
    private readonly Dictionary<string, IStatePart> _parts = parts.DistinctBy(part => part.Id).ToDictionary(part => part.Id);

    /// <summary>Why the checkpoint cannot be restored, and what to do about it; null if it can.</summary>
    public string? WhyNot(Manifest manifest)
    {
        // A start writes everything whole first, so that no chain has files of two programs.
        var schemas = new Dictionary<string, string>();
        foreach (var section in manifest.Files.SelectMany(file => file.Subtasks).SelectMany(subtask => subtask.Sections))
        {
            if (schemas.TryAdd(section.Id, section.Schema))
            {
                continue;
            }

            if (schemas[section.Id] != section.Schema)
            {
                return $"its files have state of '{section.Id}' by different schemas. Give back the files that belong to it";
            }
        }

        return schemas.Select(section => WhyNot(section.Key, section.Value)).FirstOrDefault(reason => reason != null);
    }

    private string? WhyNot(string id, string schema)
    {
        if (_parts.TryGetValue(id, out var part))
        {
            return schema == part.Schema ? null : WhyNot(part, schema);
        }

        return plan.RemovedState.Contains(id) || IsRemovedField(id, schema)
            ? null
            : $"it has state of '{id}', which the pipeline no longer has. Give the stream that should continue it Id = \"{id}\", drop its state with [RemovedState(\"{id}\")] on the pipeline";
    }

    private static string? WhyNot(IStatePart part, string schema)
    {
        var match = SchemaMatch.Of(Parse(part.Id, schema), StateSchema.Parse(part.Accepts));
        return match.Refusals.Count == 0 ? null : $"the state of '{part.Id}' cannot be restored, because {match.Refusals[0].Description}. {RemedyOf(match.Refusals[0], part.Id)}";
    }

    private static StateSchema Parse(string id, string schema)
    {
        try
        {
            return StateSchema.Parse(schema);
        }
        catch (FormatException error)
        {
            throw new CheckpointRefusedException($"The state of '{id}' was saved by a schema that this release of Penstock does not know: {error.Message}");
        }
    }

    private static string RemedyOf(Refusal refusal, string id) => refusal.Subject == RefusalSubject.Field
        ? "Put it back, convert it with a [StateUpgrade] method"
        : $"Put it back, give the changed operator another Id and drop the old state with [RemovedState(\"{id}\")]";

    // All fields of an operator that is still there may be gone.
    private bool IsRemovedField(string id, string schema) =>
        plan.Nodes.Any(node => node.Id == id && node.Kind == PlanNodeKind.Operator && node.Key != null) && Parse(id, schema).Kind == "keyed";
}
