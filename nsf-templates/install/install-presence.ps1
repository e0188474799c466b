<#
.SYNOPSIS
Puts "@@title@@" (@@template@@ @@version@@) into a Notes database by the Notes client's COM classes.

.DESCRIPTION
The first run makes the template, with its properties and access control list. Every later run replaces design elements and
nothing else: documents, properties and access list stay as they are. Run it in a PowerShell of the bitness of your Notes
client (32-bit: C:\Windows\SysWOW64\WindowsPowerShell\v1.0\powershell.exe), with an ID that may create databases there.

.EXAMPLE
.\install-presence.ps1 -Server domino01/Contoso -Template presence.ntf -Database presence.nsf

.EXAMPLE
.\install-presence.ps1 -Server domino01/Contoso -Application crm\contacts.nsf -Dxl presence-kit-@@language@@.dxl
Puts the parts for other applications into one of yours. Its properties and access list are not touched.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # Name of the Domino server; empty for this computer.
    [string]$Server = '',
    # File of the template, below the data folder.
    [string]$Template = 'presence.ntf',
    # When given: the database that is made from the template if it does not exist yet.
    [string]$Database = '',
    # When given: an application of yours that gets the elements of -Dxl, instead of all of the above.
    [string]$Application = '',
    [string]$Dxl = (Join-Path $PSScriptRoot '@@dxl@@'),
    # Sign with another ID afterwards, such as the one of the Administrator client.
    [switch]$NoSign
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

# Numbers on which the documentation of all versions agrees. "Ignore" is the default and is never set by number.
$ReplaceElseIgnore = 5
$ReplaceElseCreate = 6
$SignAllDesign = 32767

try { $session = New-Object -ComObject Lotus.NotesSession }
catch { throw 'The Notes classes are not registered for this PowerShell. Use the one of the bitness of your Notes client.' }
$session.Initialize() # asks for the password of the ID

$dxlFile = (Resolve-Path -LiteralPath $Dxl).Path
$target = if ($Application) { $Application } else { $Template }
$db = $session.GetDatabase($Server, $target, $false)
$fresh = -not ($db -and $db.IsOpen)
if ($fresh -and $Application) { throw "There is no database $target on '$Server'." }
if (-not $fresh -and -not $Application -and $db.TemplateName -ne '@@template@@') {
    throw "$target is not the template @@template@@ but '$($db.Title)'. Choose another -Template."
}
if (-not $PSCmdlet.ShouldProcess("$Server $target", "import $dxlFile")) { return }
if ($fresh) { $db = $session.GetDbDirectory($Server).CreateDatabase($target, $true) }

$stream = $session.CreateStream()
if (-not $stream.Open($dxlFile, 'UTF-8')) { throw "$dxlFile cannot be read." }
$importer = $session.CreateDXLImporter()
$importer.ReplicaRequiredForReplaceOrUpdate = $false
$importer.DesignImportOption = $ReplaceElseCreate
if ($fresh) {
    $importer.ReplaceDBProperties = $true
    $importer.ACLImportOption = $ReplaceElseIgnore
}
$unfinished = if ($fresh) { "`nDelete $target before you try again: it is new and not complete." } else { '' }
try { $importer.Import($stream, $db) }
catch { throw "The import failed: $($_.Exception.Message)`n$($importer.Log)$unfinished" }
finally { $stream.Close() }
Write-Output "Imported $($importer.ImportedNoteCount) design elements into $target."
if ($importer.Log -match '<(error|fatalerror|warning)') { Write-Warning $importer.Log }

if ($fresh) {
    # The imported access list names groups alone: whoever is in none of them would be locked out. 6 is Manager.
    try { $db.GrantAccess($session.UserName, 6) }
    catch { Write-Warning "$($session.UserName) is no Manager of ${target}: $($_.Exception.Message)" }
}
if ($Application) {
    # Never the rest of somebody's application by this ID.
    Write-Output "Sign the elements whose names begin with Presence or presence- in $target, in Designer or by a signing agent."
}
elseif (-not $NoSign) {
    try {
        $db.Sign($SignAllDesign)
        Write-Output "Signed by $($session.UserName)."
    }
    catch { Write-Warning "Not signed: $($_.Exception.Message) Sign $target with the Administrator client." }
}

if ($Database -and -not $Application) {
    $own = $session.GetDatabase($Server, $Database, $false)
    if ($own -and $own.IsOpen) {
        Write-Output "$Database exists. Refresh its design on the server's console:  load design -f $Database"
    }
    else {
        [void]$db.CreateFromTemplate($Server, $Database, $true)
        Write-Output "$Database was made from the template."
    }
}
