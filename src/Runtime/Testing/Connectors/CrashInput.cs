namespace Penstock.Testing;

/// <summary>Takes the input of a pipeline whose crashes are explored: all of it, before the pipeline starts.</summary>
public sealed class CrashInput
{
    private readonly TestConnectors _known;
    private readonly List<(string Source, Action<ITestSource> Send)> _sent = [];

    internal CrashInput(TestConnectors known) => _known = known;

    /// <summary>How much was sent: rows, and texts.</summary>
    internal int Count => _sent.Count;

    /// <summary>Sends rows to a source.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type, or the test has no such split.</exception>
    public void Send<TRow>(string source, IReadOnlyList<TRow> rows, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _known.SourceOf<TRow>(source).CheckSplit(split);
        foreach (var row in rows)
        {
            _sent.Add((source, known => ((TestSource<TRow>)known).Send(split, [row])));
        }
    }

    /// <summary>Sends text to a source through the generated reader of its rows, as <see cref="PipelineTest{T}.SendText"/> does.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="text">The whole content of a file, or the value of a message.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, or the test has no such split.</exception>
    public void SendText(string source, string text, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        _known.SourceOf(source).CheckSplit(split);
        var input = SentInput.OfText(text, _sent.Count + 1);
        _sent.Add((source, known => known.SendInput(split, input)));
    }

    /// <summary>Sends what comes first to a source that a pipeline has just made, and ends the source.</summary>
    /// <param name="id">The id of the source.</param>
    /// <param name="source">The source.</param>
    /// <param name="count">How much of all that was sent there is.</param>
    internal void SendTo(string id, ITestSource source, int count)
    {
        foreach (var (target, send) in _sent.Take(count))
        {
            if (target == id)
            {
                send(source);
            }
        }

        source.End();
    }
}
