namespace Penstock.Docs.Tests;

/// <summary>Links between pages lead to existing pages and headings.</summary>
public sealed class LinkTests
{
    public static TheoryData<string> Pages => [.. Page.Names];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_headings(string name)
    {
        var page = Page.Load(name);
        Assert.DoesNotContain(page.Links(), link => !IsElsewhere(link) && !Exists(page, link));
    }

    private static bool IsElsewhere(string link) => link.StartsWith("https://", StringComparison.Ordinal)
        || link.StartsWith("http://", StringComparison.Ordinal)
        || link.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool Exists(Page page, string link)
    {
        var parts = link.Split('#', 2);
        var path = parts[0] == ""
            ? Path.Combine(Page.Root, page.Name)
            : Path.GetFullPath(Path.Combine(page.Folder, Uri.UnescapeDataString(parts[0])));
        return Path.Exists(path)
            && (parts.Length == 1 || Page.Load(Path.GetRelativePath(Page.Root, path).Replace('\\', '/')).Anchors().Contains(parts[1]));
    }
}
