using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>The store in which a file source finds its files: folders, or an object store.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IInputFiles
{
    /// <summary>Finds the files of a path: a file, a folder, or a glob.</summary>
    /// <param name="pattern">The path.</param>
    /// <param name="extensions">The extensions of the files to select from a folder.</param>
    /// <returns>The files in ordinal order of their paths; at least one.</returns>
    /// <exception cref="InputNotFoundException">There is no such file.</exception>
    /// <exception cref="PipelineException">
    /// The folder, bucket or other container of the files does not exist, or cannot be read.
    /// </exception>
    IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions);

    /// <summary>Opens a file for reading at any offset.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="fingerprint">The <see cref="InputFile.Fingerprint"/> of the file.</param>
    /// <returns>The open file.</returns>
    IReadableFile OpenRead(string path, string fingerprint);
}

/// <summary>A file found by a source.</summary>
/// <param name="Path">The path, which is the same at every start.</param>
/// <param name="Fingerprint">The fingerprint of the content: different contents have different fingerprints.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record InputFile(string Path, string Fingerprint);
