using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>
/// Validates a manifest, so that code that uses it need not. Locations are redundant, so that a wrong one is detected: pieces fill their
/// file, and sections their piece, without gaps; each subtask has one piece per checkpoint; and key groups follow from the parallelism.
/// </summary>
internal static class ManifestCheck
{
    /// <summary>Returns the error of a manifest, or null if it is valid.</summary>
    public static string? FindProblem(Manifest manifest)
    {
        if (manifest is not
            {
                Job: not null,
                Pipeline: not null,
                PenstockVersion: not null,
                Subtasks: not null,
                Files: not null,
                State: not null,
                Sinks: not null,
                Counters: not null
            })
        {
            return "it lacks a part";
        }

        return FindHeaderProblem(manifest) ?? FindFileProblem(manifest.Files) ?? FindStateProblem(manifest) ?? FindSinkProblem(manifest);
    }

    private static string? FindHeaderProblem(Manifest manifest)
    {
        if (manifest.KeyGroups <= 0)
        {
            return $"it has {manifest.KeyGroups} key groups";
        }

        if (manifest.StartedFrom is { } origin && (origin.Id == null || origin.Location == null))
        {
            return "it lacks a part of the savepoint that the job began with";
        }

        return manifest.Subtasks.Where(static task => task.Value <= 0)
            .Select(static task => $"task '{task.Key}' has {task.Value} subtasks")
            .FirstOrDefault();
    }

    private static string? FindFileProblem(List<StateFile> files)
    {
        var names = new HashSet<string>();
        foreach (var file in files)
        {
            if (file is not { Name: not null, Length: >= 0 } || !IsStateFile(file.Name))
            {
                return $"'{file?.Name}' with {file?.Length} bytes is no state file";
            }

            if (!names.Add(file.Name))
            {
                return $"it names '{file.Name}' twice";
            }
        }

        return null;
    }

    private static bool IsStateFile(string name) => CheckpointNames.StateId(name) != null || SavepointNames.IsState(name);

    private static string? FindStateProblem(Manifest manifest)
    {
        foreach (var subtask in manifest.State)
        {
            if (subtask is not { Task: not null, Pieces: not null }
                || subtask.Pieces.Count != manifest.State[0].Pieces.Count
                || subtask.Pieces.Count == 0)
            {
                return $"subtask {subtask?.Subtask} of task '{subtask?.Task}' has {subtask?.Pieces?.Count} pieces of state, and another "
                    + $"one {manifest.State[0]?.Pieces?.Count}";
            }

            if (subtask.Pieces
                .Select(piece => FindPieceProblem(manifest, subtask, piece))
                .FirstOrDefault(static reason => reason != null) is { } reason)
            {
                return $"the state of subtask {subtask.Subtask} of task '{subtask.Task}' {reason}";
            }

            for (var index = 1; index < subtask.Pieces.Count; index++)
            {
                if (subtask.Pieces[index].File <= subtask.Pieces[index - 1].File)
                {
                    return $"the state of subtask {subtask.Subtask} of task '{subtask.Task}' is not in the order of its files";
                }

                if (!IdsOf(subtask.Pieces[index]).SetEquals(IdsOf(subtask.Pieces[0])))
                {
                    return $"the files with the state of subtask {subtask.Subtask} of task '{subtask.Task}' have state of different operators";
                }
            }
        }

        return FindSubtaskProblem(manifest) ?? FindCoverageProblem(manifest);
    }

    private static HashSet<string> IdsOf(StatePiece piece) => [.. piece.Sections.Select(static section => section.Id)];

    private static string? FindPieceProblem(Manifest manifest, SubtaskState subtask, StatePiece piece)
    {
        if (piece is not { Length: >= 0, Checksums: not null, Sections: not null } || piece.File < 0 || piece.File >= manifest.Files.Count)
        {
            return $"is in file {piece?.File} of {manifest.Files.Count}, or lacks a part";
        }

        if (piece.Checksums.Count != (piece.Length + BlockPool.BlockSize - 1) / BlockPool.BlockSize || piece.Checksums.Contains(null!))
        {
            return $"has {piece.Checksums.Count} checksums for {piece.Length} bytes";
        }

        var end = 0L;
        var ids = new HashSet<string>();
        foreach (var section in piece.Sections)
        {
            if (section is not { Id: not null, Schema: not null, Length: >= 0 } || section.Offset != end || !ids.Add(section.Id))
            {
                return $"has '{section?.Id}' at byte {section?.Offset}, where byte {end} is next, or twice";
            }

            if (section.KeyGroups is { } groups
                && groups != new KeyRange(subtask.Subtask, manifest.Subtasks.GetValueOrDefault(subtask.Task, 1), manifest.KeyGroups).Groups)
            {
                return $"has key groups of '{section.Id}' that another subtask has";
            }

            end += section.Length;
        }

        return end == piece.Length ? null : $"has parts of {end} bytes in {piece.Length} bytes";
    }

    private static string? FindSubtaskProblem(Manifest manifest)
    {
        var found = new HashSet<(string, int)>();
        foreach (var subtask in manifest.State)
        {
            if (subtask.Subtask < 0
                || subtask.Subtask >= manifest.Subtasks.GetValueOrDefault(subtask.Task)
                || !found.Add((subtask.Task, subtask.Subtask)))
            {
                return $"it has state of subtask {subtask.Subtask} of task '{subtask.Task}', which is not there, or twice";
            }
        }

        return manifest.Subtasks.Where(task => manifest.State.Count(subtask => subtask.Task == task.Key) != task.Value)
            .Select(static task => $"it lacks the state of a subtask of task '{task.Key}'").FirstOrDefault();
    }

    private static string? FindCoverageProblem(Manifest manifest)
    {
        for (var index = 0; index < manifest.Files.Count; index++)
        {
            var end = 0L;
            foreach (var piece in manifest.State.SelectMany(static subtask => subtask.Pieces)
                .Where(piece => piece.File == index)
                .OrderBy(static piece => piece.Offset)
                .ThenBy(static piece => piece.Length))
            {
                if (piece.Offset != end)
                {
                    return $"'{manifest.Files[index].Name}' has state at byte {piece.Offset}, where byte {end} is next";
                }

                end += piece.Length;
            }

            if (end != manifest.Files[index].Length)
            {
                return $"'{manifest.Files[index].Name}' has state of {end} bytes in {manifest.Files[index].Length} bytes";
            }
        }

        return null;
    }

    private static string? FindSinkProblem(Manifest manifest)
    {
        if (manifest.Sinks.Find(static sink => sink is not { Id: not null, Prepared: not null }
            || sink.Prepared.Contains(null!)) is not null
            || manifest.Sinks.Contains(null!))
        {
            return "it lacks a part of what a sink has prepared";
        }

        return manifest.Counters.Values.Contains(null!) ? "it lacks the counters of a task" : null;
    }
}
