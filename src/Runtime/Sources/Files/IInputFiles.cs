using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>Where a file source finds its files: in folders, or in a store of objects.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IInputFiles
{
    /// <summary>Finds the files that a path means: a file, a folder, or a glob.</summary>
    /// <param name="pattern">The path.</param>
    /// <param name="extensions">The extensions of the files that are taken from a folder.</param>
    /// <returns>The files in ordinal order of their paths; at least one.</returns>
    /// <exception cref="InputNotFoundException">There is none.</exception>
    /// <exception cref="PipelineException">There is not even a place where one could be.</exception>
    IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions);

    /// <summary>Opens a file to read at any offset.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="fingerprint">What <see cref="InputFile.Fingerprint"/> said of it.</param>
    /// <returns>The open file.</returns>
    IReadableFile OpenRead(string path, string fingerprint);
}

/// <summary>A file that was found.</summary>
/// <param name="Path">Its path, the same at every start.</param>
/// <param name="Fingerprint">Says what is in it: another content has another one.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record InputFile(string Path, string Fingerprint);
