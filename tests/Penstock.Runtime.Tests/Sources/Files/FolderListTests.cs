using Penstock.Connectors;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>Every file system lists the folders of a folder: not its files, and not what is deeper.</summary>
public sealed class FolderListTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("penstock-folders-").FullName;

    [Theory]
    [InlineData("memory")]
    [InlineData("simulated")]
    [InlineData("local")]
    public void Folders_are_listed_by_name(string kind)
    {
        IFileSystem files = kind switch
        {
            "memory" => new MemoryFileSystem(),
            "simulated" => new SimulatedFiles(),
            _ => LocalFileSystem.Instance,
        };
        var tree = Path.Combine(_root, "tree");
        Assert.Empty(files.ListDirectories(tree));
        foreach (var path in (string[])["08/deep/a.txt", "07/b.txt", "07/c.txt", "d.txt"])
        {
            var full = Path.Combine(tree, path.Replace('/', Path.DirectorySeparatorChar));
            files.CreateDirectory(Path.GetDirectoryName(full)!);
            files.Create(full).Dispose();
        }

        Assert.Equal([Path.Combine(tree, "07"), Path.Combine(tree, "08")], files.ListDirectories(tree));
        Assert.Equal([Path.Combine(tree, "08", "deep")], files.ListDirectories(Path.Combine(tree, "08")));
        Assert.Empty(files.ListDirectories(Path.Combine(tree, "07")));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
