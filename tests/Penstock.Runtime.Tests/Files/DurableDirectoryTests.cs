using Penstock.Files;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Files;

/// <summary>A created folder survives a power cut, whatever happens between its creation and its sync.</summary>
public class DurableDirectoryTests
{
    private const int NoPermission = 13;
    private const int BadDisk = 5;

    [Theory]
    [InlineData("/out")]
    [InlineData("/out/2026/day")]
    [InlineData("/out/2026/day/")]
    public void A_created_folder_survives_even_if_an_earlier_attempt_ended_at_any_operation(string path)
    {
        var operation = 1;
        for (var files = new SimulatedFiles(); FailsAt(files, operation, path); operation++, files = new SimulatedFiles())
        {
            // The next attempt finds the folder. The power cut follows when the attempt has ended.
            files.Kill();
            files.CreateDurableDirectory(path);
            files.CutPower();
            for (var folder = path.TrimEnd('/'); folder != "/"; folder = Path.GetDirectoryName(folder)!)
            {
                Assert.True(files.DirectoryExists(folder), $"{folder} is gone after an error at operation {operation} and a power cut");
            }
        }

        // Each folder was created, and its name was synced.
        Assert.Equal(2 * path.Split('/', StringSplitOptions.RemoveEmptyEntries).Length, operation - 1);
    }

    [Fact]
    public void A_folder_that_others_made_is_used_also_where_the_one_above_may_not_be_opened()
    {
        var files = new SimulatedFiles();
        files.CreateDurableDirectory("/mounted/out");
        FailSync(files, "/mounted", NoPermission);
        files.CreateDurableDirectory("/mounted/out");

        // A folder that is created now is not durable.
        Assert.Throws<IOException>(() => files.CreateDurableDirectory("/mounted/other"));
    }

    [Fact]
    public void A_transient_error_is_thrown()
    {
        var files = new SimulatedFiles();
        files.CreateDurableDirectory("/mounted/out");
        FailSync(files, "/mounted", BadDisk);
        Assert.Throws<IOException>(() => files.CreateDurableDirectory("/mounted/out"));
    }

    private static bool FailsAt(SimulatedFiles files, int operation, string path)
    {
        var left = operation;
        files.Before = (_, _) =>
        {
            if (--left == 0)
            {
                throw new IOException("The disk does not answer.");
            }
        };
        try
        {
            files.CreateDurableDirectory(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        finally
        {
            files.Before = null;
        }
    }

    private static void FailSync(SimulatedFiles files, string folder, int error) => files.Before = (operation, path) =>
    {
        if (operation == "sync directory" && path == folder)
        {
            throw new IOException("The folder cannot be synced.", error);
        }
    };
}
