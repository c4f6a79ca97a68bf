using Penstock.Generator.Shared;

namespace Penstock.Hosting.Places;

/// <summary>A place that a pipeline reads or writes: a folder, and how its files are used.</summary>
/// <param name="Owner">The name of the pipeline.</param>
/// <param name="What">The kind of place, as the beginning of a message.</param>
/// <param name="Path">The path as configured.</param>
/// <param name="Folder">The folder.</param>
internal sealed record Place(string Owner, string What, string Path, PlaceFolder Folder)
{
    /// <summary>The setting that contains the path, or null if a caller passes it.</summary>
    public string? Setting { get; init; }

    /// <summary>Indicates whether the setting is not set and the path comes from an attribute.</summary>
    public bool IsInAttribute { get; init; }

    /// <summary>Indicates whether the folder belongs to this place exclusively. Everything in it may then be deleted.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Indicates whether anything is written there.</summary>
    public bool IsWritten { get; init; }

    /// <summary>The pattern of part files written there, or null if other files are written.</summary>
    public NamePattern? Parts { get; init; }

    /// <summary>The pattern of files that a source reads there, or null if no source does.</summary>
    public NamePattern? Input { get; init; }

    /// <summary>The subject of the remedy in messages.</summary>
    public string Remedy => Setting ?? "the place of the savepoint";

    /// <summary>Returns the place with its path and setting, for messages.</summary>
    public override string ToString() =>
        $"{What} ('{Path}'{(Setting == null ? "" : IsInAttribute ? $" in its attribute, which {Setting} overrides" : $" in {Setting}")})";
}
