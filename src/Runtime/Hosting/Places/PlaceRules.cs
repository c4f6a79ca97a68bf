using Penstock.Generator.Shared;

namespace Penstock.Hosting.Places;

/// <summary>
/// The rules for which places may be beside, inside of, or identical to each other. Subfolders are not searched, so most places do not
/// conflict with deeper ones. But a checkpoint folder and a savepoint are deleted as a whole, and a source reads every file that matches
/// its pattern.
/// </summary>
internal static class PlaceRules
{
    /// <summary>Returns the reason why two places conflict.</summary>
    /// <returns>Both settings, the reason and the remedy, or null if there is no conflict.</returns>
    public static string? FindConflict(Place one, Place other) =>
        FindConflictAround(one, other)
            ?? FindConflictAround(other, one) ?? FindPartFileConflict(one, other) ?? FindFeedback(one, other) ?? FindFeedback(other, one);

    // Two places that are only read do not conflict.
    private static string? FindConflictAround(Place alone, Place other)
    {
        if (!alone.IsAlone || !other.Folder.IsIn(alone.Folder) || !(alone.IsWritten || other.IsWritten))
        {
            return null;
        }

        var how = other.Folder.IsSame(alone.Folder)
            ? $"has the same folder, '{alone.Folder.Text}'"
            : $"lies in it, in '{other.Folder.Text}'";
        return $"{alone} needs a folder of its own, since it is deleted as a whole; but "
            + $"{other} {how}. Change {alone.Remedy} to a folder in which nothing else lies, or move the other one out of it "
            + $"({other.Remedy}).";
    }

    private static string? FindPartFileConflict(Place one, Place other) =>
        one.Owner == other.Owner
            && one.Parts is { } parts
            && other.Parts is { } others
            && one.Folder.IsSame(other.Folder)
            && parts.Overlaps(others, one.Folder.IgnoresCase)
            ? $"{one} and {other} would have files of the same names in '{one.Folder.Text}'. Give each sink a path of its own "
                + $"({one.Remedy}, {other.Remedy})."
            : null;

    // A pipeline may read the output of another one.
    private static string? FindFeedback(Place output, Place input) =>
        output.Owner == input.Owner
            && output.Parts is { } parts
            && input.Input is { } read
            && output.Folder.IsSame(input.Folder)
            && parts.Overlaps(read, output.Folder.IgnoresCase)
            ? $"{input} would read the files that "
                + $"{output} writes, such as '{PartFileName.ExampleOf(PartFileName.NameOf(output.Path))}' in '{output.Folder.Text}': rows would be duplicated or loop endlessly. Change {output.Remedy} to another folder, or {input.Remedy} so that it leaves these names out."
            : null;
}
