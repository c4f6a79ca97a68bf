using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Schemas;
using Penstock.Generator.Words;

namespace Penstock.Generator.Locking;

/// <summary>Checks whether a pipeline can continue with the state of the last release, by the same rules as a start.</summary>
internal static class LockRules
{
    public static IEnumerable<LockFinding> Validate(PipelineDeclaration pipeline, LogicalPlan plan, LockedPipeline locked)
    {
        var entries = LockedState.Of(plan);
        var saved = new HashSet<string>(locked.Entries.Select(static entry => entry.Id));
        var findings = new List<LockFinding>();
        var reported = new HashSet<string>();
        var isStale = entries.Count != locked.Entries.Count;
        foreach (var entry in locked.Entries)
        {
            var taker = entries.FirstOrDefault(candidate => candidate.Id == entry.Id)
                ?? entries.FirstOrDefault(candidate => candidate.FormerIds.Contains(entry.Id) && !saved.Contains(candidate.Id));
            isStale |= taker == null || taker.Id != entry.Id || taker.Schema.ToString() != entry.Schema.ToString();
            findings.AddRange(taker != null ? Compare(entry, taker, pipeline) : Missing(entry, entries, saved, reported, pipeline, plan));
        }

        foreach (var node in plan.Nodes.OfType<OperatorNode>().Where(node => !StateId.IsOf(node.Id, pipeline.RemovedState)))
        {
            var move = StateKindChanges.Find(
                locked.Entries.Select(static entry => new KeyValuePair<string, StateSchema>(entry.Id, entry.Schema)),
                entries.Select(static entry => new KeyValuePair<string, StateSchema>(entry.Id, entry.Schema)),
                node.Id);
            if (move != null)
            {
                findings.Add(new LockFinding(
                    new DiagnosticInfo("PEN315", DiagnosticAnchor.Name(move.Name), node.Id, move.Description),
                    node.Name));
            }
        }

        if (isStale && findings.Count == 0)
        {
            findings.Add(new LockFinding(new DiagnosticInfo("PEN319", DiagnosticAnchor.Class, pipeline.Name), null));
        }

        return findings;
    }

    private static IEnumerable<LockFinding> Compare(LockedEntry saved, LockedState now, PipelineDeclaration pipeline)
    {
        var match = SchemaMatch.Of(saved.Schema, now.Schema);
        foreach (var refusal in match.Refusals)
        {
            var (place, stream) = PlaceOf(refusal, now, pipeline);
            yield return new LockFinding(new DiagnosticInfo("PEN315", place, now.Id, refusal.Description), stream);
        }

        // The state of a kind without a class, and rows in flight, have no state that the user has declared.
        var isNamed = now.Node is not (OperatorNode { Operator: null } or OperatorNode { Kind.IsAsync: true });
        foreach (var rename in match.Renames.Where(_ => isNamed))
        {
            yield return new LockFinding(
                new DiagnosticInfo(
                    "PEN314",
                    FieldPlace(rename.Path, now),
                    new EquatableArray<string>([rename.Path, rename.Former]),
                    rename.Former),
                now.Node.Name);
        }
    }

    private static IEnumerable<LockFinding> Missing(
        LockedEntry gone,
        IReadOnlyList<LockedState> entries,
        HashSet<string> saved,
        HashSet<string> reported,
        PipelineDeclaration pipeline,
        LogicalPlan plan)
    {
        if (StateId.IsOf(gone.Id, pipeline.RemovedState) || plan.Nodes.Any(node => node is BrokenNode && StateId.IsOf(gone.Id, [node.Id])))
        {
            yield break;
        }

        var keyed = plan.Nodes.OfType<OperatorNode>().Where(static node => node.IsKeyed).Select(static node => node.Id);
        if (!StateId.IsRemovedField(gone.Id, gone.Schema, keyed))
        {
            var owner = StateId.OwnerOf(gone.Id, gone.Schema, plan.Nodes.Select(static node => node.Id));
            if (reported.Add(owner))
            {
                yield return new LockFinding(
                    new DiagnosticInfo("PEN316", DiagnosticAnchor.Class, new EquatableArray<string>([pipeline.Name, owner]), owner),
                    null);
            }

            yield break;
        }

        // A map or list may have been renamed.
        foreach (var entry in entries.Where(entry => entry.Collection != null
            && !saved.Contains(entry.Id)
            && StateId.OwnerOf(gone.Id, [entry.Node.Id]) == entry.Node.Id))
        {
            if (SchemaMatch.Of(gone.Schema, entry.Schema).Refusals.Count == 0)
            {
                var former = gone.Id.Substring(entry.Node.Id.Length + 1);
                yield return new LockFinding(new DiagnosticInfo(
                    "PEN314",
                    DiagnosticAnchor.Name(entry.Collection!),
                    new EquatableArray<string>([entry.Collection!, former]),
                    former), entry.Node.Name);
                yield break;
            }
        }
    }

    /// <summary>The place of a difference: in the pipeline, or in the operator that a stream applies.</summary>
    private static (DiagnosticAnchor Place, string? Stream) PlaceOf(Refusal refusal, LockedState entry, PipelineDeclaration pipeline)
    {
        var stream = entry.Node.Name;
        var declared = pipeline.Streams.First(stream => stream.Property == entry.Node.Name);
        return refusal.Subject switch
        {
            RefusalSubject.Key when declared.Keys.Count > 0 && entry.Collection == null =>
                (DiagnosticAnchor.AttributeOf(stream, KnownNames.KeyBy), null),

            // A kind without a class has no other place.
            _ when entry.Node is OperatorNode { Operator: null } or OperatorNode { Kind.IsAsync: true } =>
                (DiagnosticAnchor.Producer(stream), null),
            RefusalSubject.Field => (FieldPlace(refusal.Path!, entry), stream),
            RefusalSubject.Key when entry.Collection != null => (DiagnosticAnchor.Type(entry.Collection), stream),
            RefusalSubject.Key => (DiagnosticAnchor.ClassAttribute(KnownNames.KeyBy), stream),
            RefusalSubject.Window => (
                DiagnosticAnchor.ClassAttribute(((OperatorNode)entry.Node).Applied.Kind.Attribute!.Name),
                stream),
            RefusalSubject.Kind => (DiagnosticAnchor.ProducerType(stream), null),
            _ => throw new InvalidOperationException($"Unknown subject of a refusal: {refusal.Subject}."),
        };
    }

    private static DiagnosticAnchor FieldPlace(string path, LockedState entry) => entry.Collection is { } collection
        ? DiagnosticAnchor.StatePart(collection, $"{collection}.{path}")
        : DiagnosticAnchor.StatePart(path.Split('.', '[')[0], path);
}

/// <summary>A difference between a pipeline and the lock.</summary>
/// <param name="Stream">The stream in whose operator the place is; null for a place in the pipeline.</param>
internal sealed record LockFinding(DiagnosticInfo Diagnostic, string? Stream);
