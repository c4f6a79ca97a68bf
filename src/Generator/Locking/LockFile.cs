using System.Globalization;
using System.Text;
using Penstock.Generator.Schemas;

namespace Penstock.Generator.Locking;

/// <summary>The content of <c>penstock.state.lock</c>: the state that each pipeline of the last release saves.</summary>
internal sealed class LockFile
{
    public const string Name = "penstock.state.lock";

    private const string Magic = "penstock-state-lock ";
    private const int Format = 1;

    private LockFile(IReadOnlyList<LockedPipeline> pipelines, LockProblem? problem, bool isEmpty)
    {
        Pipelines = pipelines;
        Problem = problem;
        IsEmpty = isEmpty;
    }

    public IReadOnlyList<LockedPipeline> Pipelines { get; }

    /// <summary>Why the file cannot be read, or null.</summary>
    public LockProblem? Problem { get; }

    /// <summary>Whether the file is empty, so that the build fills it.</summary>
    public bool IsEmpty { get; }

    public static LockFile Parse(string text)
    {
        var lines = text.Split('\n').Select(static line => line.TrimEnd('\r', ' ', '\t')).ToList();
        var pipelines = new List<LockedPipeline>();
        var hasBegun = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (!hasBegun)
            {
                if (!line.StartsWith(Magic, StringComparison.Ordinal)
                    || !line.Skip(Magic.Length).All(char.IsDigit)
                    || line.Length == Magic.Length)
                {
                    return Wrong(i, $"it does not begin with '{Magic}{Format}'");
                }

                if (!int.TryParse(line.Substring(Magic.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var format)
                    || format > Format)
                {
                    return Wrong(
                        i,
                        $"it has format {line.Substring(Magic.Length)}, and this version of Penstock reads formats up to "
                            + $"{Format}: update Penstock");
                }

                hasBegun = true;
            }
            else if (line[0] == '[' && line[line.Length - 1] == ']')
            {
                pipelines.Add(new LockedPipeline(line.Substring(1, line.Length - 2), i, []));
            }
            else if (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon && pipelines.Count > 0)
            {
                try
                {
                    pipelines[pipelines.Count - 1].Entries.Add(new LockedEntry(
                        line.Substring(0, colon),
                        StateSchema.Parse(line.Substring(colon + 2))));
                }
                catch (FormatException error)
                {
                    return Wrong(i, error.Message.TrimEnd('.'));
                }
            }
            else
            {
                return Wrong(i, "a line is '[Pipeline]' or, below one, 'Operator: schema'");
            }
        }

        return new LockFile(pipelines, null, !hasBegun);
    }

    /// <summary>The text of a lock for pipelines.</summary>
    public static string Write(IEnumerable<(string Pipeline, IReadOnlyList<LockedState> Entries)> pipelines)
    {
        var text =
            new StringBuilder(
                "# What the pipelines of the last release save. Commit it; update it with each release: dotnet build "
                    + "-t:UpdatePenstockStateLock\n");
        text.Append(Magic).Append(Format).Append('\n');
        foreach (var (pipeline, entries) in pipelines.OrderBy(static pipeline => pipeline.Pipeline, StringComparer.Ordinal))
        {
            text.Append("\n[").Append(pipeline).Append("]\n");
            foreach (var entry in entries.OrderBy(static entry => entry.Id, StringComparer.Ordinal))
            {
                text.Append(entry.Id).Append(": ").Append(entry.Schema).Append('\n');
            }
        }

        return text.ToString();
    }

    private static LockFile Wrong(int line, string problem) => new([], new LockProblem(line, problem), isEmpty: false);
}

/// <summary>A pipeline in a lock.</summary>
/// <param name="Line">The line that names it, from 0.</param>
internal sealed record LockedPipeline(string Name, int Line, List<LockedEntry> Entries);

/// <summary>A saved part of a pipeline.</summary>
internal sealed record LockedEntry(string Id, StateSchema Schema);

/// <summary>An error in a lock.</summary>
/// <param name="Line">The line, from 0.</param>
internal sealed record LockProblem(int Line, string Description);
