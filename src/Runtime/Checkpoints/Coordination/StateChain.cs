namespace Penstock.Checkpoints;

/// <summary>
/// The state files that the next checkpoint can build on. It decides when the state is written whole again: so a restore never
/// reads more than a few files, nor much more than the state is large.
/// </summary>
internal sealed class StateChain
{
    private const int MaxFiles = 10;

    private List<StateFile> _files = [];

    /// <summary>Whether the next checkpoint must write all of the state. True at the start, since tables know only their own changes.</summary>
    public bool NextIsWhole => _files.Count is 0 or MaxFiles || _files.Skip(1).Sum(file => file.Length) > _files[0].Length;

    /// <summary>The files that a checkpoint consists of.</summary>
    /// <param name="isWhole">Whether it saves all of the state.</param>
    /// <param name="files">Its own files.</param>
    /// <returns>All files, those with all of the state first, its own last.</returns>
    public List<StateFile> With(bool isWhole, List<StateFile> files) => isWhole ? files : [.. _files, .. files];

    /// <summary>A checkpoint is complete: the next one is about what changes from here on.</summary>
    public void Completed(List<StateFile> files) => _files = files;

    /// <summary>A checkpoint failed, and what it was about was not written.</summary>
    public void Failed() => _files = [];
}
