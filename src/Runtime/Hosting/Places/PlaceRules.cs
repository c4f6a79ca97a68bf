using Penstock.Generator.Shared;

namespace Penstock.Hosting.Places;

/// <summary>
/// Which places can be beside, in, or the same as each other. Nothing is looked for in sub-folders, so most places do not see what lies
/// deeper. But a folder of checkpoints and a savepoint are deleted as a whole, and a source reads every file whose name it looks for.
/// </summary>
internal static class PlaceRules
{
    /// <summary>Why two places cannot be where they are.</summary>
    /// <returns>Both settings, the reason and the remedy; null when they can.</returns>
    public static string? WhyNot(Place one, Place other) =>
        WhyNotAlone(one, other)
            ?? WhyNotAlone(other, one) ?? WhyNotBothParts(one, other) ?? WhyNotReadBack(one, other) ?? WhyNotReadBack(other, one);

    // Two places that are only read take nothing away from each other.
    private static string? WhyNotAlone(Place alone, Place other)
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

    private static string? WhyNotBothParts(Place one, Place other) =>
        one.Owner == other.Owner
            && one.Parts is { } parts
            && other.Parts is { } others
            && one.Folder.IsSame(other.Folder)
            && parts.Overlaps(others, one.Folder.IgnoresCase)
            ? $"{one} and {other} would have files of the same names in '{one.Folder.Text}'. Give each sink a path of its own "
                + $"({one.Remedy}, {other.Remedy})."
            : null;

    // One pipeline may read what another one writes.
    private static string? WhyNotReadBack(Place output, Place input) =>
        output.Owner == input.Owner
            && output.Parts is { } parts
            && input.Input is { } read
            && output.Folder.IsSame(input.Folder)
            && parts.Overlaps(read, output.Folder.IgnoresCase)
            ? $"{input} would read the files that "
                + $"{output} writes, such as '{PartFileName.ExampleOf(PartFileName.NameOf(output.Path))}' in '{output.Folder.Text}': rows would come twice, or without end. Change {output.Remedy} to another folder, or {input.Remedy} so that it leaves these names out."
            : null;
}
