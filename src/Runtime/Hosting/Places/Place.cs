using Penstock.Generator.Shared;

namespace Penstock.Hosting.Places;

/// <summary>A place that a pipeline reads or writes: a folder, and what it does with the files in it.</summary>
/// <param name="Owner">The name of the pipeline.</param>
/// <param name="What">What it is, as messages begin.</param>
/// <param name="Path">The path as it is set.</param>
/// <param name="Folder">The folder.</param>
internal sealed record Place(string Owner, string What, string Path, PlaceFolder Folder)
{
    /// <summary>The setting that says where it is; null where a caller does.</summary>
    public string? Setting { get; init; }

    /// <summary>Whether the setting is not set, and the path is that of an attribute.</summary>
    public bool IsInAttribute { get; init; }

    /// <summary>Whether the folder belongs to it alone, so that to clear it away is to delete all that lies in it.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Whether anything is written there.</summary>
    public bool IsWritten { get; init; }

    /// <summary>The names of the part files that are written there; null where other files are.</summary>
    public NamePattern? Parts { get; init; }

    /// <summary>The names of the files that a source reads there; null where no source reads.</summary>
    public NamePattern? Input { get; init; }

    /// <summary>What the remedy is about.</summary>
    public string Remedy => Setting ?? "the place of the savepoint";

    /// <summary>The place with its path and the setting that it comes from, for messages.</summary>
    public override string ToString() =>
        $"{What} ('{Path}'{(Setting == null ? "" : IsInAttribute ? $" in its attribute, which {Setting} overrides" : $" in {Setting}")})";
}
